/* Takes the ticked candidates along to another page, or another order, of the list. Without this
   script those stay chosen with which the page was opened. */

const form = document.querySelector("[data-choose]");

function takeAlong() {
  const chosen = new FormData(form).getAll("who");
  for (const link of document.querySelectorAll("[data-keeps-chosen] a")) {
    const address = new URL(link.href);
    address.searchParams.delete("who");
    for (const key of chosen) address.searchParams.append("who", key);
    link.href = address;
  }
}

if (form) {
  form.addEventListener("change", takeAlong);
  window.addEventListener("pageshow", takeAlong); // a browser that goes back ticks the boxes again
}
