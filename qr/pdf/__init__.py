"""PDF for the plate maker: true size, spot colours, subset fonts, written page by page."""

from qr.pdf.book import PdfBook, write_pdf
from qr.pdf.drawing import MM

__all__ = ["MM", "PdfBook", "write_pdf"]
