// Floating point: the bodies of a small solar system.
function body(x, y, vx, vy, mass) { return { x: x, y: y, vx: vx, vy: vy, mass: mass }; }
function main() {
  var bodies = [body(0, 0, 0, 0, 1000), body(10, 0, 0, 10, 1), body(0, 20, -7, 0, 2), body(-30, 5, 1, -5, 3), body(12, -35, 4, 2, 0.5)];
  for (var step = 0; step < 900; step++) {
    for (var i = 0; i < bodies.length; i++) {
      var a = bodies[i], ax = 0, ay = 0;
      for (var j = 0; j < bodies.length; j++) {
        if (i === j) continue;
        var b = bodies[j], dx = b.x - a.x, dy = b.y - a.y, d2 = dx * dx + dy * dy + 0.01, inv = b.mass / (d2 * Math.sqrt(d2));
        ax += dx * inv; ay += dy * inv;
      }
      a.vx += ax * 0.001; a.vy += ay * 0.001;
    }
    for (var k = 0; k < bodies.length; k++) { var c = bodies[k]; c.x += c.vx * 0.001; c.y += c.vy * 0.001; }
  }
  return bodies.map(function (b) { return b.x.toFixed(6); }).join(" ");
}
