/* Notes the moment that is playing in the evidence of the answer that it belongs to, and asks
   before a page with unsaved judgements is left. Without this script times are typed. */

const form = document.querySelector("[data-scorecard]");

/** Minutes and seconds, rounded down. */
function clock(seconds) {
  const whole = Math.floor(Math.max(seconds, 0));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function noteTime(button) {
  const media = button.closest("[data-scope]").querySelector("[data-listen-media]");
  const note = document.getElementById(button.dataset.noteTime);
  if (!media || !note) return;
  const before = note.value && !/\s$/.test(note.value) ? `${note.value}\n` : note.value;
  note.value = `${before}${clock(media.currentTime)} `;
  note.focus();
  note.dispatchEvent(new Event("input", { bubbles: true }));
}

if (form) {
  let unsaved = false;
  form.addEventListener("input", () => (unsaved = true));
  form.addEventListener("submit", () => (unsaved = false));
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) event.preventDefault();
  });
  for (const button of form.querySelectorAll("[data-note-time]")) {
    button.hidden = false;
    button.addEventListener("click", () => noteTime(button));
  }
}
