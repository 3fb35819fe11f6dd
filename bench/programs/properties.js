// Property access: vectors that are added in place, through a prototype's methods.
function Vector(x, y, z) { this.x = x; this.y = y; this.z = z; }
Vector.prototype.add = function (other) { this.x += other.x; this.y += other.y; this.z += other.z; return this; };
Vector.prototype.dot = function (other) { return this.x * other.x + this.y * other.y + this.z * other.z; };
function main() {
  var sum = new Vector(0, 0, 0), step = new Vector(1, 2, 3), total = 0;
  for (var i = 0; i < 60000; i++) { sum.add(step); total = (total + sum.dot(step)) % 1000003; }
  return total;
}
