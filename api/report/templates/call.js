(() => {
  const audio = document.getElementById("audio");
  const drawings = [...document.querySelectorAll("svg.drawing")];
  const lines = [...document.querySelectorAll(".line[data-start]")];

  const seek = (seconds) => {
    if (!audio) return;
    audio.currentTime = Math.max(0, seconds);
    audio.play().catch(() => { /* the reader presses play where autoplay is off */ });
  };
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-seek]");
    if (target) { seek(Number(target.dataset.seek)); return; }
    if (event.target.closest("a, button, audio") || String(window.getSelection())) return;
    const place = event.target.closest(".line[data-start], .card[data-start]");
    if (place) seek(Number(place.dataset.start));
  });

  for (const drawing of drawings) {
    drawing.addEventListener("click", (event) => {
      if (event.target.closest("[data-seek]")) return;
      const box = drawing.getBoundingClientRect();
      seek((event.clientX - box.left) / box.width * Number(drawing.dataset.length));
    });
  }
  if (audio) {
    audio.addEventListener("timeupdate", () => {
      for (const drawing of drawings) {
        const at = `${Math.min(100, audio.currentTime / Number(drawing.dataset.length) * 100)}%`;
        const playhead = drawing.querySelector(".playhead");
        playhead.setAttribute("x1", at);
        playhead.setAttribute("x2", at);
      }
      for (const line of lines) {
        const now = Number(line.dataset.start) <= audio.currentTime && audio.currentTime < Number(line.dataset.end);
        line.classList.toggle("now", now && !audio.paused);
      }
    });
  }
})();
