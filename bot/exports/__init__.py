"""Files out: labels become rows, rows become files, files become a folder to train on."""
