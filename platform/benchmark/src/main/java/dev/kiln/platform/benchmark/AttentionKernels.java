package dev.kiln.platform.benchmark;

import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.attention.Banded;
import dev.kiln.spi.attention.Causal;
import dev.kiln.spi.attention.Sparse;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import java.util.List;

/**
 * A layer's attention: training's forward and backward, and one new token behind a cache. FLOPs are
 * those of the visible keys: two products forward, five backward, which computes the scores anew.
 */
record AttentionKernels(
        Backend backend, Operands operands, KernelSizes sizes, AttentionLayout layout, DType type) {

    /** Of training and of generation. */
    List<Kernel> all() {
        return List.of(forward(), backward(), cached());
    }

    /** Of training: each alone, then one after the other. */
    List<Kernel> ofTraining() {
        Kernel forward = forward();
        Kernel backward = backward();
        Kernel both =
                kernel(
                        "attention and backward",
                        forward.flops() + backward.flops(),
                        forward.bytes() + backward.bytes(),
                        () -> {
                            forward.call().run();
                            backward.call().run();
                        });
        return List.of(forward, backward, both);
    }

    private AttentionSpec spec() {
        double scale = 1 / Math.sqrt((double) sizes.width() / sizes.heads());
        return new AttentionSpec(sizes.heads(), layout, scale, Dropout.NONE);
    }

    private double product() {
        return 2.0 * sizes.batch() * layout.visible() * sizes.width();
    }

    private double bytes(int columns) {
        return (double) type.bytes() * sizes.rows() * columns;
    }

    private Tensor activations(int columns) {
        return operands.activations(type, sizes.sequences(columns));
    }

    private Tensor logSumExp() {
        return operands.floats(Shape.of(sizes.batch(), sizes.heads(), sizes.length()));
    }

    private Kernel kernel(String name, double flops, double bytes, Runnable call) {
        String full = name + " T=" + sizes.length() + window() + " " + Workload.word(type);
        return new Kernel(full, flops, bytes, type, call);
    }

    private String window() {
        return switch (layout) {
            case Causal _ -> "";
            case Banded banded -> " window=" + banded.window();
            case Sparse _ -> " sparse";
        };
    }

    private Kernel forward() {
        AttentionSpec spec = spec();
        Tensor qkv = activations(3 * sizes.width());
        Tensor out = activations(sizes.width());
        Tensor logSumExp = logSumExp();
        return kernel(
                "attention",
                2 * product(),
                bytes(4 * sizes.width()),
                () -> backend.attention(out, logSumExp, qkv, spec));
    }

    private Kernel backward() {
        AttentionSpec spec = spec();
        Tensor qkv = activations(3 * sizes.width());
        Tensor dQkv = activations(3 * sizes.width());
        Tensor out = activations(sizes.width());
        Tensor dOut = activations(sizes.width());
        Tensor logSumExp = logSumExp();
        backend.attention(out, logSumExp, qkv, spec);
        return kernel(
                "attentionBackward",
                5 * product(),
                bytes(8 * sizes.width()),
                () -> backend.attentionBackward(dQkv, dOut, out, logSumExp, qkv, spec));
    }

    /** The last token of a sequence whose others are in the cache. */
    private Kernel cached() {
        int width = sizes.width();
        int keys = sizes.length();
        AttentionSpec spec = spec();
        KvCache cache = backend.kvCache(operands.scope(), type, 1, 1, keys, width);
        Tensor all = operands.activations(type, Shape.of(1, keys, 3 * width));
        Tensor allOut = operands.activations(type, Shape.of(1, keys, width));
        AttentionLayout[] fill = {new Causal(keys, keys)};
        backend.cachedAttention(allOut, all, cache, 0, fill, sizes.heads(), spec.scale());
        cache.setLength(0, keys - 1);
        Tensor qkv = operands.activations(type, Shape.of(1, 1, 3 * width));
        Tensor out = operands.activations(type, Shape.of(1, 1, width));
        AttentionLayout[] last = {new Causal(1, keys)};
        return kernel(
                "cachedAttention",
                4.0 * keys * width,
                2.0 * type.bytes() * keys * width,
                () ->
                        backend.cachedAttention(
                                out, qkv, cache, 0, last, sizes.heads(), spec.scale()));
    }
}
