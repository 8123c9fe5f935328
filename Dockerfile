# One image for api, worker and beat; the command decides which.
FROM node:22-bookworm-slim AS pages
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY docs/openapi.json /src/docs/
COPY web ./
RUN npm run build

FROM python:3.12-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python -m venv /opt/diting
COPY requirements.lock ./
RUN /opt/diting/bin/pip install --require-hashes -r requirements.lock
COPY . .
COPY --from=pages /src/api/http/web api/http/web
RUN /opt/diting/bin/pip install --no-deps .

FROM python:3.12-slim-bookworm AS diting
# pg_dump and pg_restore, of the server's version: for `diting backup`.
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client-15 \
    && rm -rf /var/lib/apt/lists/*
# A volume that is new belongs to whom the folder belongs to.
RUN useradd --system --uid 10001 --home-dir /var/lib/diting --create-home diting \
    && install --directory --owner diting --mode 0700 /var/backups/diting
COPY --from=build /opt/diting /opt/diting
ENV PATH=/opt/diting/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DITING_ENVIRONMENT=production \
    DITING_DATA_DIR=/var/lib/diting
USER diting
WORKDIR /var/lib/diting
# Compile the matching loops once, here: a processor of another kind, or an older volume, compiles its own.
RUN python -c "from qc.packs import load_packs; load_packs(['cn-base']).index.prepare()"
VOLUME /var/lib/diting
EXPOSE 8400
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8400/healthz', timeout=4)"]
CMD ["diting", "serve", "--host", "0.0.0.0", "--port", "8400"]

# With what a GPU needs beside its driver: `docker build --target gpu`.
FROM diting AS gpu
USER root
COPY requirements-gpu.lock /tmp/
RUN /opt/diting/bin/pip install --no-cache-dir --require-hashes -r /tmp/requirements-gpu.lock
ENV LD_LIBRARY_PATH=/opt/diting/lib/python3.12/site-packages/nvidia/cublas/lib
USER diting

# What is built when nobody names a target.
FROM diting
