// <file-drop>: a dropped file goes into the input inside.

class FileDrop extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input[type=file]");
    const over = (on) => (event) => {
      event.preventDefault();
      this.classList.toggle("is-over", on);
    };
    this.addEventListener("dragover", over(true));
    this.addEventListener("dragleave", over(false));
    this.addEventListener("drop", (event) => {
      over(false)(event);
      input.files = event.dataTransfer.files;
      this.name(input);
    });
    input.addEventListener("change", () => this.name(input));
  }

  name(input) {
    const file = input.files[0];
    this.querySelector(".file-name").textContent = file ? `${file.name} (${Math.ceil(file.size / 1024).toLocaleString("ko-KR")}KB)` : "";
  }
}

customElements.define("file-drop", FileDrop);
