/* Follows an analysis and shows the page anew once it has ended. */

import "./done.js";

const PAUSE = 1000;
const PAUSE_AFTER_TROUBLE = 4000;
const RUNNING = ["queued", "analysing"];

const box = document.querySelector("[data-follow]");
const bar = document.querySelector("[data-follow-bar]");
const label = document.querySelector("[data-follow-step]");

function show(answer) {
  bar.value = answer.progress;
  if (label.textContent !== answer.progress_label) label.textContent = answer.progress_label;
  const steps = [...document.querySelectorAll("[data-step]")];
  const current = steps.findIndex((step) => step.dataset.step === answer.progress_step);
  steps.forEach((step, index) => {
    const state = current < 0 || index > current ? "waiting" : index < current ? "done" : "current";
    step.className = `working-step working-step--${state}`;
  });
}

async function follow() {
  let pause = PAUSE;
  try {
    const response = await fetch(box.dataset.follow, { headers: { Accept: "application/json" } });
    if (response.status === 404) return window.location.reload();
    if (!response.ok) throw new Error(response.statusText);
    const answer = await response.json();
    if (!RUNNING.includes(answer.state)) return window.location.reload();
    show(answer);
  } catch {
    label.textContent = box.dataset.lost;
    pause = PAUSE_AFTER_TROUBLE;
  }
  window.setTimeout(follow, pause);
}

if (box) window.setTimeout(follow, PAUSE);
