/*
 * The one script of the portal, for the oldest engine in the county: ES5, no fetch, no module. It moves the focus along the
 * neighbours that the server wrote into the page, opens what has it, goes one level up on Back, and lays alerts over the page.
 * Without it every page is still a page of links.
 */
(function (keys) {
  'use strict';

  var body = document.body;
  var stage = document.getElementById('stage');
  var overlay = document.getElementById('overlay');
  var strip = document.getElementById('strip');

  /* ---- the focus -------------------------------------------------------------------------------------------------- */

  var current = document.getElementById(body.getAttribute('data-focus'));

  function setFocus(cell) {
    if (!cell || cell === current) return;
    if (current) current.className = current.className.replace(' focus', '');
    current = cell;
    cell.className = cell.className + ' focus';
    cell.focus();
    /* OK is offered only where it opens something. */
    var hint = document.getElementById('ok-hint');
    if (hint) hint.style.visibility = cell.getAttribute('href') ? 'visible' : 'hidden';
  }

  /* ---- leaving the page ------------------------------------------------------------------------------------------- */

  var isLeaving = false;

  /* Kept in this page's own address, so that the engine's own Back restores the focus as well. */
  function rememberFocus() {
    var address = location.pathname + location.search.replace(/([?&])focus=[^&]*&?/, '$1').replace(/[?&]$/, '');
    if (!window.history || !history.replaceState || !current) return;
    history.replaceState(null, '', address + (address.indexOf('?') < 0 ? '?' : '&') + 'focus=' + current.id);
  }

  /* One key, one page: keys that come while the next page is loading are not for this one. */
  function go(address) {
    if (!address || isLeaving) return;
    isLeaving = true;
    rememberFocus();
    location.href = address;
    setTimeout(function () { isLeaving = false; }, 3000);
  }

  function open(cell) {
    if (!cell) return;
    setFocus(cell);
    if (cell.id === 'play' && play()) return;
    go(cell.getAttribute('href'));
  }

  function play() {
    var video = document.getElementById('video');
    if (!video || !video.play) return false;
    if (video.paused) video.play();
    else video.pause();
    return true;
  }

  /*
   * A digit opens the place that it is printed on. Where a page counts beyond nine, a first digit goes to its place and waits a
   * moment for a second; OK opens it at once.
   */
  var TYPING_MILLISECONDS = 1500;
  var typed = '';
  var typing = 0;

  function forgetTyped() {
    clearTimeout(typing);
    typed = '';
  }

  function typeDigit(digit) {
    var cells = document.getElementsByTagName('a');
    var number = typed + digit;
    var found = null;
    var isLonger = false;
    forgetTyped();
    for (var index = 0; index < cells.length; index += 1) {
      var printed = cells[index].getAttribute('data-digit') || '';
      if (printed === number) found = cells[index];
      else if (printed.indexOf(number) === 0) isLonger = true;
    }
    if (!found && !isLonger) return;
    if (!isLonger) return open(found);
    setFocus(found);
    typed = number;
    typing = setTimeout(function () { forgetTyped(); if (!isOverlaid()) open(found); }, TYPING_MILLISECONDS);
  }

  function move(direction) {
    var to = current ? current.getAttribute('data-' + direction) : '';
    if (!to) return;
    if (to.charAt(0) === '#') setFocus(document.getElementById(to.slice(1)));
    else go(to);
  }

  /* ---- keys ------------------------------------------------------------------------------------------------------- */

  var REPEAT_MILLISECONDS = 100;
  var lastCode = 0;
  var lastAt = 0;

  function act(action) {
    if (!/^\d$/.test(action)) forgetTyped();
    if (isOverlaid()) {
      if (action === 'ok' || action === 'back') hideOverlay();
    } else if (action === 'ok') open(current);
    else if (action === 'back') go(body.getAttribute('data-back'));
    else if (action === 'pageUp') go(body.getAttribute('data-previous'));
    else if (action === 'pageDown') go(body.getAttribute('data-next'));
    else if (/^\d$/.test(action)) typeDigit(action);
    else move(action);
  }

  function onKey(event) {
    var given = event || window.event;
    var code = given.keyCode || given.which;
    var action = keys.codes[code] || keys.names[given.key];
    if (!action || given.ctrlKey || given.altKey || given.metaKey) return true;
    if (given.preventDefault) given.preventDefault();
    var at = new Date().getTime();
    /* A worn remote control sends a key twice; a held one sends it without end. */
    if (code === lastCode && at - lastAt < REPEAT_MILLISECONDS) return false;
    lastCode = code;
    lastAt = at;
    act(action);
    return false;
  }

  document.onkeydown = onKey;
  document.onirkeypress = onKey;
  window.onpageshow = function () { isLeaving = false; };

  /* ---- mouse, for whoever looks at the portal on a computer --------------------------------------------------------- */

  function cellAbove(node) {
    while (node && node !== stage) {
      if (node.tagName === 'A' && node.getAttribute('data-up') !== null) return node;
      node = node.parentNode;
    }
    return null;
  }

  document.onmouseover = function (event) {
    var cell = cellAbove((event || window.event).target);
    if (cell) setFocus(cell);
  };
  stage.onclick = function (event) {
    var cell = cellAbove((event || window.event).target);
    if (!cell) return true;
    open(cell);
    return false;
  };
  overlay.onclick = hideOverlay;

  /* ---- alerts ----------------------------------------------------------------------------------------------------- */

  /* Together with a second in a cache on the way, an alert is on every screen within 5 s. */
  var POLL_MILLISECONDS = 3000;
  var JITTER_MILLISECONDS = 300;
  /* A station that is away or overrun is asked ever less often, and not by all boxes at once. */
  var LONGEST_MILLISECONDS = 24000;
  var wait = POLL_MILLISECONDS;
  var ANSWER_MILLISECONDS = 4000;
  var HIDDEN_LIMIT = 20;
  var alerts = null;
  var lastAnswer = '';
  var area = body.getAttribute('data-area');

  function hiddenKeys() {
    var found = /(?:^|; )xiangyin_hidden=([\w.]*)/.exec(document.cookie);
    return found ? found[1].split('.') : [];
  }

  function isOverlaid() {
    return overlay.style.display === 'block';
  }

  /* Words too long for one screen stand on pages that turn by themselves, round and round. */
  var PAGE_MILLISECONDS = 8000;
  var turning = 0;

  function startTurning() {
    clearInterval(turning);
    turning = setInterval(turnOverlay, PAGE_MILLISECONDS);
  }

  function turnOverlay() {
    var blocks = overlay.getElementsByTagName('div');
    var pages = [];
    var shown = 0;
    for (var index = 0; index < blocks.length; index += 1) {
      if (blocks[index].className !== 'alert-page') continue;
      if (blocks[index].style.display !== 'none') shown = pages.length;
      pages.push(blocks[index]);
    }
    if (pages.length < 2) return;
    pages[shown].style.display = 'none';
    pages[(shown + 1) % pages.length].style.display = 'block';
  }

  function showOverlay(key, html) {
    if (overlay.getAttribute('data-key') !== key) {
      overlay.innerHTML = html;
      overlay.setAttribute('data-key', key);
      startTurning();
    }
    overlay.style.display = 'block';
    strip.style.display = 'none';
  }

  function hideOverlay() {
    var hidden = hiddenKeys().concat(overlay.getAttribute('data-key')).slice(-HIDDEN_LIMIT);
    document.cookie = 'xiangyin_hidden=' + hidden.join('.') + '; max-age=604800';
    overlay.style.display = 'none';
    strip.style.display = 'block';
    if (alerts) showAlerts();
  }

  function showAlerts() {
    var hidden = ' ' + hiddenKeys().join(' ') + ' ';
    for (var index = 0; index < alerts.length; index += 1) {
      if (hidden.indexOf(' ' + alerts[index].key + ' ') < 0) {
        return showOverlay(alerts[index].key, alerts[index].overlay);
      }
    }
    overlay.style.display = 'none';
    strip.innerHTML = alerts.length > 0 ? alerts[0].strip : '';
    strip.style.display = alerts.length > 0 ? 'block' : 'none';
  }

  function poll() {
    var request = new XMLHttpRequest();
    var isDone = false;
    function done(isAnswered) {
      if (isDone) return;
      isDone = true;
      wait = isAnswered ? POLL_MILLISECONDS : Math.min(2 * wait, LONGEST_MILLISECONDS);
      setTimeout(poll, wait + Math.random() * (isAnswered ? JITTER_MILLISECONDS : wait));
    }
    request.onreadystatechange = function () {
      if (request.readyState !== 4) return;
      /* An answer that does not come changes nothing: an alert stays up while the network is down. */
      if (request.status === 200 && request.responseText !== lastAnswer) {
        lastAnswer = request.responseText;
        alerts = JSON.parse(lastAnswer).alerts;
        showAlerts();
      }
      done(request.status === 200 || request.status === 304);
    };
    request.open('GET', 'alerts?area=' + encodeURIComponent(area), true);
    request.send(null);
    setTimeout(function () { if (!isDone) { request.abort(); done(false); } }, ANSWER_MILLISECONDS);
  }

  startTurning();
  /* What was in force when the page was made lies over it already. */
  if (area) setTimeout(poll, POLL_MILLISECONDS + Math.random() * JITTER_MILLISECONDS);

  /* ---- the clock, and screens of other sizes ------------------------------------------------------------------------ */

  var clock = document.getElementById('time');
  var clockSeconds = Number(body.getAttribute('data-clock'));
  var loadedAt = new Date().getTime();

  function twoDigits(number) {
    return (number < 10 ? '0' : '') + number;
  }

  if (clock) {
    setInterval(function () {
      var seconds = clockSeconds + Math.floor((new Date().getTime() - loadedAt) / 1000);
      clock.innerHTML = twoDigits(Math.floor(seconds / 3600) % 24) + ':' + twoDigits(Math.floor(seconds / 60) % 60);
    }, 5000);
  }

  /* Boxes draw 1280×720 whatever the screen; a computer or a newer box has its own size, which the page is scaled to. */
  function fit() {
    var width = window.innerWidth || 1280;
    var height = window.innerHeight || 720;
    var scale = Math.min(width / 1280, height / 720);
    var change = Math.abs(scale - 1) < 0.01 ? 'none' : 'scale(' + scale + ')';
    stage.style.webkitTransform = change;
    stage.style.transform = change;
    stage.style.left = Math.max(0, Math.round((width - 1280 * scale) / 2)) + 'px';
    stage.style.top = Math.max(0, Math.round((height - 720 * scale) / 2)) + 'px';
  }

  /* An invoice fills the room it has: the server does not know how large a picture is, and old engines cannot fit one by themselves. */
  var MOST_ENLARGED = 2;

  function enlarge(picture) {
    var room = picture.getAttribute('data-room').split('x');
    var scale = Math.min(room[0] / picture.naturalWidth, room[1] / picture.naturalHeight, MOST_ENLARGED);
    if (!(scale > 0)) return;
    picture.style.width = Math.floor(picture.naturalWidth * scale) + 'px';
    picture.style.height = Math.floor(picture.naturalHeight * scale) + 'px';
  }

  var voucher = document.getElementById('voucher');
  if (voucher && voucher.naturalWidth) enlarge(voucher);
  else if (voucher) voucher.onload = function () { enlarge(voucher); };

  window.onresize = fit;
  fit();
  if (current) current.focus();
}(/* keys */ {}));
