// Fails whenever it is asked for.
throw new RangeError("late");
