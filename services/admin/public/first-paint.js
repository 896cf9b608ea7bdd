// Runs before the first paint, as a file of its own so that no inline script is needed: the colour
// scheme of the last visit, or of the system, is on the root before anything is drawn.
(() => {
  let choice = 'auto';
  try {
    choice = localStorage.getItem('carillon.theme') ?? 'auto';
  } catch {
    // Storage may be forbidden; the system's scheme will do.
  }
  const dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
