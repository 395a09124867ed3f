// Checks what is being written: the form goes to the address in data-check, a moment after the
// last letter, and what comes back is shown in the element that data-into names.

const PAUSE = 600;

for (const form of document.querySelectorAll("form[data-check]")) {
  const place = document.getElementById(form.dataset.into);
  let timer = 0;
  let asked = 0;

  async function check() {
    const number = (asked += 1);
    const answer = await fetch(form.dataset.check, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
    });
    // Only the answer to what stands there now is shown.
    if (answer.ok && number === asked) place.innerHTML = await answer.text();
  }

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(() => check().catch(() => {}), PAUSE);
  }

  // Not on the form alone: some of its fields stand beside it.
  document.addEventListener("input", (event) => {
    if (event.target.form === form) soon();
  });
  // Somebody quick wrote before this script was there, or the browser filled in what was left.
  if ([...form.elements].some((field) => (field.defaultValue ?? field.value) !== field.value)) {
    soon();
  }
}
