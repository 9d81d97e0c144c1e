"""PDF for the plate maker: true size, spot colours, subset fonts, written page by page."""

from qr.pdf.book import PdfBook, draw_pdf, write_pdf
from qr.pdf.page_content import MM

__all__ = ["MM", "PdfBook", "draw_pdf", "write_pdf"]
