/* The browser's memory, which may be full, forbidden or absent. */

export function remember(store, key, value) {
  try {
    if (value === null) store().removeItem(key);
    else store().setItem(key, JSON.stringify(value));
  } catch {
    // Then this browser keeps nothing; the server still does.
  }
}

export function recall(store, key) {
  try {
    return JSON.parse(store().getItem(key));
  } catch {
    return null;
  }
}

export const local = () => window.localStorage;
export const session = () => window.sessionStorage;
export const draftKey = (answer) => `draft:${answer}`;
