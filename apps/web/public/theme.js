// Sets the theme before the first paint. A file of its own because the content security policy forbids inline scripts.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem('ferry.theme');
  } catch {
    // storage is blocked: the default is used
  }
  const prefersLight = matchMedia('(prefers-color-scheme: light)').matches;
  const light = choice === 'light' || (choice === 'auto' && prefersLight);
  document.documentElement.dataset.bsTheme = light ? 'light' : 'dark';
})();
