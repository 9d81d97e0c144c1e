"""The one public-looking host of all tests: reserved by RFC 2606, so that nobody can own it.

It has at most twelve characters, as the hosts of cities that want the smallest symbol (3-H).
"""

PUBLIC_URL = "https://city.example"
PREFIX = "https://CITY.EXAMPLE/"
"""The beginning of its QR codes: the host in upper case."""
