"""What does not grow: fan-outs, loops, parallel blocks, timers and messages, measured at full size."""
