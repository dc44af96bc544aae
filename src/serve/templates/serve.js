"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const write = (id, words) => { const one = byId(id); if (one && one.textContent !== words) one.textContent = words; };

  const form = byId("drop");
  if (form) {
    const most = Number(form.dataset.most), count = Number(form.dataset.files);
    const wrong = (words) => { byId("sending").hidden = true; form.classList.remove("over"); write("said", ""); write("wrong", words); };
    byId("here").hidden = false;
    let busy = false;

    const send = (files) => {
      if (busy) return;
      const bytes = files.reduce((sum, file) => sum + file.size, 0);
      if (files.length === 0) return wrong("Nothing was chosen that is a file.");
      if (files.length > count) return wrong(`More than ${count} files at once. Drop them in several goes, or as one zip archive.`);
      if (bytes > most) return wrong(`The files are larger than ${form.dataset.mostWords} together, which --max-upload allows.`);
      busy = true;
      const data = new FormData();
      for (const file of files) data.append("files", file, file.name);
      const request = new XMLHttpRequest();
      const over = (words) => { busy = false; wrong(words); };
      write("wrong", "");
      write("said", files.length === 1 ? "Sending 1 file." : `Sending ${files.length} files.`);
      byId("sending").hidden = false;
      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        const percent = Math.floor(100 * event.loaded / Math.max(event.total, 1));
        byId("sent").value = percent;
        write("sent-words", `${percent} %`);
      });
      request.addEventListener("load", () => {
        let answer = {};
        try { answer = JSON.parse(request.responseText); } catch { /* said below */ }
        if (request.status === 200 && answer.run) location.assign(answer.run);
        else over(answer.error ?? "The files were not taken. Is this page of a server that was stopped?");
      });
      request.addEventListener("error", () =>
        over("The files could not be sent. A folder cannot be dropped: drop its files, or a zip archive. If this goes on, the server may have been stopped."));
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.send(data);
    };

    form.addEventListener("submit", (event) => { event.preventDefault(); send([...byId("files").files]); });
    let depth = 0;
    const carries = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
    addEventListener("dragenter", (event) => { if (carries(event)) { depth += 1; form.classList.add("over"); } });
    addEventListener("dragleave", (event) => { if (carries(event) && --depth <= 0) { depth = 0; form.classList.remove("over"); } });
    addEventListener("dragover", (event) => { if (carries(event)) { event.preventDefault(); event.dataTransfer.dropEffect = "copy"; } });
    addEventListener("drop", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      depth = 0;
      form.classList.remove("over");
      send([...event.dataTransfer.files]);
    });
    addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  const going = byId("going");
  if (going) {
    let told = -1, left = false;
    // Who cancels is on the way elsewhere.
    addEventListener("submit", () => { left = true; });
    const look = async () => {
      let status;
      try {
        const answer = await fetch(going.dataset.status, { headers: { Accept: "application/json" } });
        if (left) return;
        status = await answer.json();
      } catch {
        if (left) return;
        write("words", "The server does not answer any more: it was stopped, and nothing of this run is left.");
        return write("said", byId("words").textContent);
      }
      if (status.over) return location.reload();
      write("words", status.words);
      write("doing", status.doing);
      document.title = document.title.replace(/^\w+/, status.doing);
      if (status.percent === null) byId("bar").removeAttribute("value");
      else byId("bar").value = status.percent;
      // A quarter at a time, so that a screen reader is not talked over.
      const quarter = status.percent === null ? 0 : Math.floor(status.percent / 25);
      if (quarter !== told) { told = quarter; write("said", status.words); }
      setTimeout(look, 400);
    };
    setTimeout(look, 150);
  }
})();
