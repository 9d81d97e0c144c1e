/* Reads the line for an emergency aloud (elder view). Old phones too: no newer syntax than 2015.
   Without this file, or without a voice, the button stays hidden and the page lacks nothing. */
(function () {
  'use strict';
  var button = document.querySelector('.aloud');
  var voice = window.speechSynthesis;
  if (!button || !voice || !window.SpeechSynthesisUtterance) { return; }
  var start = button.textContent;
  var speaking = false;

  function rest() {
    speaking = false;
    button.textContent = start;
  }

  button.onclick = function () {
    voice.cancel();
    if (speaking) { rest(); return; }
    var line = new window.SpeechSynthesisUtterance(button.getAttribute('data-say'));
    line.lang = 'zh-CN';
    line.rate = 0.8;
    line.onend = rest;
    line.onerror = rest;
    speaking = true;
    button.textContent = button.getAttribute('data-stop');
    voice.speak(line);
  };
  window.addEventListener('pagehide', function () { voice.cancel(); });
  button.hidden = false;
}());
