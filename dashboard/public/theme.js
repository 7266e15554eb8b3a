// Sets the theme before the first paint. A file of its own because the page allows no inline script.
(function () {
  var asked = new URLSearchParams(location.search);
  var theme = asked.get('theme');
  if (asked.has('tv')) theme = theme === 'light' ? theme : 'dark';
  try {
    theme = theme || localStorage.getItem('waymark.theme');
  } catch {
    // storage may be forbidden: the system's theme stays
  }
  if (theme !== 'light' && theme !== 'dark')
    theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  document.documentElement.dataset.theme = theme;
})();
