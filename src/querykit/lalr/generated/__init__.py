"""Tables that the build step wrote."""
