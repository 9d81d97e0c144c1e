"""The grid worker's and the community officer's phone: own areas, own contact, rounds."""
