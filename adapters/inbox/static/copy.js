// Buttons that copy a text of the page. Without this they are not there, and the
// text can be marked by hand.
for (const button of document.querySelectorAll("[data-copies]")) {
  if (!navigator.clipboard) break; // pages that are not served over HTTPS
  button.hidden = false;
  button.addEventListener("click", async () => {
    const label = button.textContent;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = label; }, 2000);
  });
}
