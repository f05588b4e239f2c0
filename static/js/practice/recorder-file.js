/* Sending an existing file: one that is too large is told of before it travels, and that it travels. */

const form = document.querySelector("form[data-file]");
const note = form?.querySelector("[data-file-note]");
const button = form?.querySelector("button");

form?.addEventListener("submit", (event) => {
  const [file] = form.elements.namedItem("recording").files;
  if (!file) return; // the server asks for one
  const isTooLarge = file.size > Number(form.dataset.maxBytes);
  if (isTooLarge) event.preventDefault();
  note.textContent = isTooLarge ? form.dataset.tooLarge : form.dataset.sending;
  note.classList.toggle("field__error", isTooLarge);
  button.disabled = !isTooLarge;
});

// Back from the next page, or from one that could not be reached.
window.addEventListener("pageshow", () => {
  if (!form) return;
  note.textContent = "";
  button.disabled = false;
});
