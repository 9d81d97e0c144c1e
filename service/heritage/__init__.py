"""Place-name heritage (地名文化遗产): the catalogue, its search and its links to addresses."""
