/* Fills in where the phone is, and sends a photo of a QR code once it is taken. The pages work
   without it. Written for old browsers. */
(function () {
  "use strict";
  var form = document.getElementById("record");
  var shot = document.getElementById("shot");
  document.documentElement.className += " scripted";
  if (shot) {
    shot.onchange = function () {
      if (shot.value) { shot.form.submit(); }
    };
  }
  var near = document.querySelector("form.near button");
  if (near && navigator.geolocation) {
    near.hidden = false;
    near.onclick = function () {
      near.firstChild.nodeValue = "正在定位…";
      navigator.geolocation.getCurrentPosition(function (position) {
        var here = position.coords;  // ten metres are enough, and no more is sent
        near.form.elements.near.value = here.longitude.toFixed(4) + "," + here.latitude.toFixed(4);
        near.form.submit();
      }, function () { near.firstChild.nodeValue = "定不了位，请按街路看"; },
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
      return false;
    };
  }
  if (!form) { return; }
  var picture = document.getElementById("photo");
  if (picture) {
    picture.onchange = function () {
      var label = form.querySelector(".take");
      label.firstChild.nodeValue = picture.value ? "已选照片 ✓ 点这里换一张" : "拍照";
    };
  }
  var sent = false;
  form.onsubmit = function () {
    if (sent) { return false; }
    sent = true;
    var button = document.getElementById("send");
    button.firstChild.nodeValue = "正在提交…";
    setTimeout(function () { sent = false; button.firstChild.nodeValue = "提交"; }, 20000);
    return true;
  };
  var told = document.getElementById("where");
  if (!navigator.geolocation || !told) { return; }
  function say(text, tone) {
    told.firstChild.nodeValue = text;
    told.className = "where " + (tone || "");
  }
  function metres(lon, lat) {
    var there = [parseFloat(told.getAttribute("data-lon")), parseFloat(told.getAttribute("data-lat"))];
    if (isNaN(there[0])) { return null; }
    var north = (lat - there[1]) * 110950;
    var east = (lon - there[0]) * 111320 * Math.cos(lat * Math.PI / 180);
    return Math.round(Math.sqrt(north * north + east * east));
  }
  function found(position) {
    var here = position.coords;
    form.elements.lon.value = here.longitude.toFixed(7);
    form.elements.lat.value = here.latitude.toFixed(7);
    form.elements.accuracy.value = Math.round(here.accuracy);
    var away = metres(here.longitude, here.latitude);
    var text = "已定位，误差约 " + Math.round(here.accuracy) + " 米";
    if (away === null) { say(text, "good"); return; }
    text += "，离登记位置约 " + (away < 1000 ? away + " 米" : (away / 1000).toFixed(away < 100000 ? 1 : 0) + " 公里");
    if (away >= 1000) { say(text + "，多半不是这块门牌，请核对。", "warn"); return; }
    say(away > 50 ? text + "。超过 50 米会标记给审核人员，请核对是不是这块门牌。" : text, away > 50 ? "warn" : "good");
  }
  function failed(error) {
    var may = told.getAttribute("data-needed") ? "请" : "可以直接提交，或";
    say(error.code === 1 ? "没有定位权限：" + may + "在下面手工填写。" : "暂时定不了位：" + may + "到空旷处刷新。", "warn");
  }
  say("正在定位…");
  navigator.geolocation.getCurrentPosition(found, failed, { enableHighAccuracy: true, timeout: 20000, maximumAge: 10000 });
})();
