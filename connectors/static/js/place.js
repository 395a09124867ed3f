// Where the resident is: the browser is asked only when they press for it.

const WAIT = 15; // seconds
const FRESH = 60; // seconds for which an earlier answer of the browser will do

/** Whether this browser tells places at all; on a page without TLS none does. */
export const tellsPlaces = () => window.isSecureContext && "geolocation" in navigator;

const TROUBLE = { 1: "place_denied", 3: "place_slow" };
const rounded = (degrees) => Number(degrees.toFixed(6));

/**
 * Ask the browser.
 * @returns {Promise<{lat: number, lon: number}>} rejected with the key of the page's text that
 *   says why there is none
 */
export function whereAmI() {
  return new Promise((done, failed) => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done({ lat: rounded(coords.latitude), lon: rounded(coords.longitude) }),
      ({ code }) => failed(TROUBLE[code] ?? "place_failed"),
      { enableHighAccuracy: true, timeout: WAIT * 1000, maximumAge: FRESH * 1000 },
    );
  });
}
