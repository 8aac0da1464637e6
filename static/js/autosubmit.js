// Sends a filter form when a choice in it changes; its button stays for those who have no script.
import { press } from "./press.js";

for (const form of document.querySelectorAll("[data-autosubmit]")) {
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=radio], input[type=checkbox]")) press(form);
  });
  for (const button of form.querySelectorAll("[data-autosubmit-button]")) button.hidden = true;
}
