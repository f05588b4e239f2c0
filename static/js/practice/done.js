/* An answer that was handed in needs no copy on this device any more. */

import { draftKey, local, remember } from "./storage.js";

const answer = document.querySelector("[data-answer]")?.dataset.answer;
if (answer) remember(local, draftKey(answer), null);
