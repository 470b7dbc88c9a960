"""Pure: no clock, disk, print, environment or global chance."""
