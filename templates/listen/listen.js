/*
 * Plays what a loudspeaker of the village plays, from where it is. The station is asked every two seconds; when it says that something
 * else is on the air, the sound switches in the middle of a word, as the loudspeaker does.
 */
(function () {
  'use strict';

  var POLL_MILLISECONDS = 2000;
  /* Less than this is not heard as wrong; correcting it would be. */
  var DRIFT_SECONDS = 2.5;
  /* A tenth of a second of silence: playing it at the first touch is what lets a phone play what comes later by itself. */
  var SILENCE = 'data:audio/wav;base64,UklGRqYGAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YYIG' + new Array(2225).join('A');
  var CLASSES = { alert: '应急广播', drill: '应急演练', notice: '通知', daily: '日常广播' };

  var area = document.body.getAttribute('data-area');
  var sound = new Audio();
  var isListening = false;
  var now = null;
  /* When, by this page's own clock, the recording on the air began. */
  var beganAt = 0;
  var source = '';

  function byId(id) {
    return document.getElementById(id);
  }

  function say(id, text) {
    var node = byId(id);
    if (node.textContent !== text) node.textContent = text;
  }

  function clockText(seconds) {
    var whole = Math.max(0, Math.floor(seconds));
    return Math.floor(whole / 60) + ':' + (whole % 60 < 10 ? '0' : '') + (whole % 60);
  }

  function position() {
    return (Date.now() - beganAt) / 1000;
  }

  function show() {
    byId('deck').className = 'deck' + (now && (now.class === 'alert' || now.class === 'drill') ? ' ' + now.class : '');
    say('class', now ? CLASSES[now.class] : '静默');
    say('title', now ? now.title : '现在没有播出');
    byId('play').setAttribute('aria-pressed', String(isListening));
    say('glyph', isListening ? '■' : '▶');
    say('word', isListening ? '停止' : '收听');
    tick();
  }

  function tick() {
    var at = now ? Math.min(position(), now.seconds) : 0;
    byId('fill').style.width = now && now.seconds > 0 ? (100 * at) / now.seconds + '%' : '0';
    say('at', now ? clockText(at) : '--:--');
    say('of', now ? clockText(now.seconds) : '--:--');
  }

  function showNext(list) {
    var box = byId('next');
    box.textContent = '';
    list.forEach(function (entry) {
      var row = document.createElement('li');
      [['time', entry.timeText], ['span', entry.title], ['em', CLASSES[entry.class]]].forEach(function (part) {
        var node = document.createElement(part[0]);
        node.textContent = part[1];
        row.appendChild(node);
      });
      box.appendChild(row);
    });
    if (list.length === 0) {
      var empty = document.createElement('li');
      empty.textContent = '今天没有更多安排';
      box.appendChild(empty);
    }
  }

  /* Brings the sound to where the loudspeaker is. */
  function follow() {
    if (!isListening) return;
    var wanted = now && position() < now.seconds ? '../recordings/' + now.hash + '.mp3' : '';
    if (wanted !== source) {
      source = wanted;
      if (wanted === '') return sound.pause();
      sound.src = wanted;
      sound.onloadedmetadata = function () { sound.currentTime = Math.max(0, position()); };
      return start();
    }
    if (wanted === '' || sound.readyState === 0) return;
    if (Math.abs(sound.currentTime - position()) > DRIFT_SECONDS) sound.currentTime = position();
    if (sound.paused) start();
  }

  function start() {
    var playing = sound.play();
    if (playing && playing.catch) {
      playing.catch(function (error) {
        if (error.name !== 'NotAllowedError') return;
        isListening = false;
        show();
        say('note', '浏览器不允许自动播放，请再按一次“收听”。');
      });
    }
  }

  byId('play').onclick = function () {
    isListening = !isListening;
    say('note', isListening ? '正在跟随村里的大喇叭；有应急广播会立即切换。' : '已停止收听。');
    if (isListening) {
      source = SILENCE;
      sound.src = SILENCE;
      start();
      follow();
    } else {
      source = '';
      sound.pause();
    }
    show();
  };

  function ask() {
    var askedAt = Date.now();
    fetch(area + '/now', { cache: 'no-store' })
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      })
      .then(function (answer) {
        /* The answer was true about halfway through its journey. */
        var trueAt = (askedAt + Date.now()) / 2;
        var began = answer.now ? trueAt - answer.now.positionSeconds * 1000 : 0;
        var isSame = now && answer.now && now.airingId === answer.now.airingId && now.hash === answer.now.hash;
        if (!isSame || Math.abs(began - beganAt) > 1000) beganAt = began;
        now = answer.now;
        show();
        showNext(answer.next);
        follow();
      })
      .catch(function () {
        say('note', '连不上平台，正在重试……');
      })
      .then(function () {
        setTimeout(ask, POLL_MILLISECONDS);
      });
  }

  setInterval(tick, 500);
  ask();
}());
