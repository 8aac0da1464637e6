// Enter in a field pressed a form's first button, the one that goes nowhere: nothing is sent, so nothing is asked about leaving the page.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-stay]")) event.preventDefault();
});
