/* Copies the link of a new share. Without this script it can be marked and copied by hand. */

const button = document.querySelector("[data-copy]");
const text = document.querySelector("[data-copy-text]");

if (button && text) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    text.select();
    try {
      await navigator.clipboard.writeText(text.value);
      button.textContent = button.dataset.done;
    } catch {
      // Not allowed here: the marked text is ready to be copied by hand.
    }
  });
}
