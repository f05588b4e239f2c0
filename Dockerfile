# syntax=docker/dockerfile:1
FROM python:3.12-slim AS build
WORKDIR /build
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

FROM python:3.12-slim
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    FLASK_APP=app \
    TF_CPP_MIN_LOG_LEVEL=2 \
    INSTANCE_DIR=/data
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin interview \
    && install -d -o interview -g interview -m 0700 /data
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY LICENSE app.py gunicorn.conf.py ./
COPY docs docs
COPY migrations migrations
COPY models models
COPY static static
COPY templates templates
COPY interview interview
RUN python -m compileall -q app.py interview
USER interview
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
# The web process. A worker is the same image with the command `flask worker`.
CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]
