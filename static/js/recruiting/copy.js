/* Copies links that were just made: each button names the field that it copies. Without this script
   a link can be marked and copied by hand. */

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
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
