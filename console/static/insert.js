// A template chosen from a list is put into the text field it belongs to.

for (const list of document.querySelectorAll("select[data-insert]")) {
  list.addEventListener("change", () => {
    const field = document.getElementById(list.dataset.insert);
    if (!list.value) return;
    field.value = field.value.trim() ? `${field.value.trim()}\n${list.value}` : list.value;
    field.focus();
    list.value = "";
  });
}
