// Adds a button to each command that copies it.
document.querySelectorAll(".command").forEach(function (box) {
  var code = box.querySelector("code");
  var button = document.createElement("button");
  button.type = "button";
  button.textContent = "Copy";
  button.addEventListener("click", function () {
    var range = document.createRange();
    range.selectNodeContents(code);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    var copied = false;
    try { copied = document.execCommand("copy"); } catch (error) { copied = false; }
    button.textContent = copied ? "Copied" : "Selected";
    setTimeout(function () { button.textContent = "Copy"; }, 2000);
  });
  box.classList.add("copies");
  box.appendChild(button);
});
