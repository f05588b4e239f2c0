/* Small comforts that every page shares. Without this script every page still works. */

/** Rewrite moments in UTC as the reader's own local time. */
function localiseTimes() {
  const language = document.documentElement.lang || undefined;
  for (const element of document.querySelectorAll("time[data-local]")) {
    const moment = new Date(element.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    element.title = element.textContent.trim();
    element.textContent = new Intl.DateTimeFormat(language, {
      dateStyle: "medium",
      timeStyle: element.dataset.local === "date" ? undefined : "short",
    }).format(moment);
  }
}

/** Close an open menu by Escape or by a click elsewhere. */
function closeMenus() {
  const open = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of open()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });
}

localiseTimes();
closeMenus();
document.querySelector("[data-focus]")?.focus();
