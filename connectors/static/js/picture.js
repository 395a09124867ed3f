// Making a chosen file ready to be sent: turned upright, made smaller, written anew. What the
// telephone noted in it (place, camera) stays behind, and little goes over a slow connection.

const SIDE = 2048; // pixels of the longer side of what is sent
const THUMB = 480; // and of what is shown meanwhile
const QUALITY = 0.85;

/** Megabytes of a file that is opened at all. */
export const MOST_MEGABYTES = 40;

/** The file cannot be taken: `key` is the page's text that says why. */
export class PictureError extends Error {
  constructor(key) {
    super(key);
    this.key = key;
  }
}

function read(file) {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(reader.result));
    reader.addEventListener("error", () => failed(reader.error));
    reader.readAsDataURL(file);
  });
}

function drawn(image, side) {
  const scale = Math.min(1, side / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const pen = canvas.getContext("2d");
  // JPEG knows no transparency: without paper it would turn black.
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/**
 * Make a file ready.
 * @param {File} file
 * @returns {Promise<{photo: Blob, thumb: string}>} the photo and a small one as a data URL
 * @throws {PictureError}
 */
export async function prepared(file) {
  if (file.size > MOST_MEGABYTES * 1e6) throw new PictureError("photo_too_big");
  try {
    const image = new Image();
    image.src = await read(file);
    await image.decode();
    const photo = await new Promise((done) => drawn(image, SIDE).toBlob(done, "image/jpeg", QUALITY));
    // A canvas too large for this telephone gives null.
    if (photo) return { photo, thumb: drawn(image, THUMB).toDataURL("image/jpeg", 0.7) };
  } catch {
    // Told below.
  }
  throw new PictureError("photo_unreadable");
}
