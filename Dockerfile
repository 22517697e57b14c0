# The server: docker build -t minilora . && docker run -p 8000:8000 -v minilora:/var/lib/minilora minilora
#
# On a GPU: docker build --build-arg TORCH_INDEX=https://download.pytorch.org/whl/cu128 -t minilora .
#           docker run --gpus all ...

FROM python:3.11-slim AS build
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/minilora
# torch alone first: it is large, comes from an index of its own, and changes rarely.
RUN /opt/minilora/bin/pip install --index-url "$TORCH_INDEX" "torch>=2.8,<2.14"
WORKDIR /src
COPY pyproject.toml README.md LICENSE ./
COPY quant quant
COPY minilora minilora
COPY serve serve
RUN /opt/minilora/bin/pip install ".[cluster]"

FROM python:3.11-slim
# The NF4 kernel is compiled at the first start, for the very processor that it runs on.
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --create-home minilora \
    && install -d -o minilora -g minilora /var/lib/minilora
COPY --from=build /opt/minilora /opt/minilora
ENV PATH=/opt/minilora/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MINILORA_HOME=/var/lib/minilora \
    MINILORA_HOST=0.0.0.0 \
    MINILORA_PORT=8000
USER minilora
WORKDIR /home/minilora
# Weights, compiled kernels, traces: fetched or made once, kept from one container to the next.
VOLUME /var/lib/minilora
EXPOSE 8000
# Liveness alone: while the model loads, /health answers and /ready does not.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["python", "-c", \
    "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"MINILORA_PORT\"]}/health', timeout=2)"]
CMD ["python", "-m", "serve"]
