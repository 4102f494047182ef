"use strict";
(() => {
  const root = document.documentElement;

  // Theme: the system's, until somebody chooses. `report.html#dark` and `#light` choose, too.
  const theme = document.getElementById("theme");
  const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const choose = (name) => {
    if (name) root.dataset.theme = name;
    theme.textContent = dark() ? "Light" : "Dark";
    theme.setAttribute("aria-label", `Switch to the ${dark() ? "light" : "dark"} theme`);
  };
  theme.hidden = false;
  theme.addEventListener("click", () => choose(dark() ? "light" : "dark"));
  choose({ "#dark": "dark", "#light": "light" }[location.hash]);

  const clock = (seconds) => {
    const tenths = Math.round(seconds * 10), hours = Math.floor(tenths / 36000), minutes = Math.floor(tenths / 600) % 60;
    const rest = ((tenths % 600) / 10).toFixed(1).padStart(4, "0");
    return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
  };

  class Timeline {
    constructor(box) {
      this.box = box;
      this.seconds = Number(box.dataset.seconds);
      this.video = box.parentElement.querySelector("video");
      this.over = box.querySelector(".over");
      this.head = box.querySelector(".head");
      this.hover = box.querySelector(".hover");
      this.readout = box.querySelector(".readout");
      this.pan = box.querySelector(".pan");
      this.marks = [...box.querySelectorAll("[data-from]")].map((mark) => ({
        from: Number(mark.dataset.from), to: Number(mark.dataset.to), text: mark.dataset.text,
      }));
      this.from = 0;
      this.shown = this.seconds;
      this.now = 0;
      this.listen();
      this.draw();
    }

    listen() {
      const { over, box, pan } = this;
      over.addEventListener("pointermove", (event) => this.point(this.at(event)));
      over.addEventListener("pointerleave", () => this.point(null));
      over.addEventListener("click", (event) => this.seek(this.at(event)));
      over.addEventListener("keydown", (event) => {
        const step = event.shiftKey ? 10 : 1;
        const to = { ArrowLeft: this.now - step, ArrowDown: this.now - step, ArrowRight: this.now + step,
          ArrowUp: this.now + step, Home: 0, End: this.seconds }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        this.seek(to);
      });
      box.querySelector(".zoom").hidden = false;
      for (const button of box.querySelectorAll("[data-zoom]")) {
        button.addEventListener("click", () => this.zoom(Number(button.dataset.zoom)));
      }
      pan.addEventListener("input", () => {
        this.from = Number(pan.value) * (this.seconds - this.shown);
        this.draw();
      });
      if (this.video) this.video.addEventListener("timeupdate", () => this.move(this.video.currentTime));
    }

    at(event) {
      const area = this.over.getBoundingClientRect();
      return this.from + this.shown * (event.clientX - area.left) / area.width;
    }

    point(time) {
      this.hover.hidden = time === null;
      if (time !== null) this.hover.style.left = `${100 * (time - this.from) / this.shown}%`;
      this.tell(time === null ? this.now : time);
    }

    seek(time) {
      this.move(Math.min(Math.max(time, 0), this.seconds));
      if (this.video) this.video.currentTime = this.now;
    }

    move(time) {
      this.now = time;
      if (time < this.from || time > this.from + this.shown) this.from = this.kept(time - this.shown / 2);
      this.draw();
      this.tell(time);
    }

    kept(from) {
      return Math.min(Math.max(from, 0), this.seconds - this.shown);
    }

    zoom(factor) {
      const middle = this.now > this.from && this.now < this.from + this.shown ? this.now : this.from + this.shown / 2;
      this.shown = Math.min(this.seconds, Math.max(this.shown / factor, Math.min(2, this.seconds)));
      this.from = this.kept(middle - this.shown / 2);
      this.draw();
    }

    tell(time) {
      const near = this.shown / 150;
      const found = this.marks.filter((mark) => time >= mark.from - near && time <= mark.to + near).map((mark) => mark.text);
      this.readout.textContent = [clock(time), ...new Set(found)].join("  ·  ");
    }

    draw() {
      const { from, shown, seconds } = this;
      for (const track of this.box.querySelectorAll(".track")) track.setAttribute("viewBox", `${from} 0 ${shown} 1`);
      this.box.querySelectorAll(".axis span").forEach((tick, k) => { tick.textContent = clock(from + shown * k / 5); });
      this.head.style.left = `${100 * (this.now - from) / shown}%`;
      this.pan.hidden = shown >= seconds;
      this.pan.value = shown < seconds ? from / (seconds - shown) : 0;
      this.over.setAttribute("aria-valuenow", this.now.toFixed(1));
      this.over.setAttribute("aria-valuetext", clock(this.now));
    }
  }

  root.dataset.live = "";
  const timelines = [...document.querySelectorAll(".timeline")].map((box) => new Timeline(box));
  for (const picture of document.querySelectorAll(".picture")) {
    picture.addEventListener("click", () => {
      picture.setAttribute("aria-expanded", picture.getAttribute("aria-expanded") === "false");
    });
  }
  for (const button of document.querySelectorAll("[data-seek]")) {
    button.addEventListener("click", () => {
      const timeline = timelines.find((one) => one.box.dataset.source === button.dataset.source) || timelines[0];
      if (!timeline) return;
      timeline.seek(Number(button.dataset.seek));
      (timeline.video || timeline.box).scrollIntoView({ block: "nearest" });
      timeline.over.focus({ preventScroll: true });
    });
  }
})();
