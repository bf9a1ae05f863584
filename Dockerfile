# One image for web, worker, scheduler and migrations; docker-compose.yml names the command of each.
FROM node:22-slim AS pages
WORKDIR /pages
COPY server/web/package.json server/web/package-lock.json server/web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY server/web ./
RUN npm run build

FROM python:3.11-slim
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2 PHOTO_STORE=/var/lib/wangge/photos \
    _RJEM_MALLOC_CONF=narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-cjk \
 && rm -rf /var/lib/apt/lists/*
RUN useradd --system --create-home --home-dir /var/lib/wangge wangge \
 && install -d -o wangge -g wangge /var/lib/wangge/photos
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY . .
COPY --from=pages /pages/dist server/web/dist
RUN pip install --no-cache-dir --no-deps --no-build-isolation -e .
USER wangge
VOLUME /var/lib/wangge/photos
EXPOSE 8000
CMD ["python", "-m", "server.web_server", "--workers", "2", "--blocking-threads", "12", \
     "--respawn-failed-workers", "--workers-kill-timeout", "5", "--no-ws", \
     "--http1-buffer-size", "131072", "--host", "0.0.0.0", "--port", "8000"]
