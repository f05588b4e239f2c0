/* Follows the making of an archive and shows the page anew once it has ended. */

const PAUSE = 2000;
const RUNNING = ["waiting", "running"];

const box = document.querySelector("[data-export]");
const bar = document.querySelector("[data-export-bar]");

async function follow() {
  try {
    const response = await fetch(box.dataset.export, { headers: { Accept: "application/json" } });
    if (response.status === 404) return window.location.reload();
    if (response.ok) {
      const found = await response.json();
      if (!RUNNING.includes(found.state)) return window.location.reload();
      bar.value = found.progress;
    }
  } catch {
    /* No connection: the next try will tell. */
  }
  window.setTimeout(follow, PAUSE);
}

if (box) window.setTimeout(follow, PAUSE);
