# The web service, the migrations and the worker: one image, no root, nothing to write to.
FROM python:3.13-slim-trixie AS build
ENV UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 \
    UV_PROJECT_ENVIRONMENT=/opt/menpai
RUN pip install --no-cache-dir "uv>=0.9"
WORKDIR /src
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-dev --extra gis --no-install-project
COPY address_model ./address_model
COPY qr ./qr
COPY service ./service
COPY migrations ./migrations
COPY data ./data
RUN uv sync --frozen --no-dev --extra gis --no-editable

FROM python:3.13-slim-trixie
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        fonts-noto-cjk fonts-hanazono postgresql-client poppler-utils tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /var/lib/menpai menpai
COPY --from=build /opt/menpai /opt/menpai
ENV PATH=/opt/menpai/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MENPAI_HOME=/var/lib/menpai
USER menpai
WORKDIR /var/lib/menpai
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["menpai"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
