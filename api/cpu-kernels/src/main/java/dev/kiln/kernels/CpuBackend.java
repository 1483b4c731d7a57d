package dev.kiln.kernels;

import dev.kiln.kernels.AttentionKernels.Sizes;
import dev.kiln.kernels.Products.Matrix;
import dev.kiln.kernels.ProjectedLoss.Projection;
import dev.kiln.kernels.ProjectedLoss.Projector;
import dev.kiln.kernels.ProjectedLoss.Rated;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.ActivationFunction;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Capabilities;
import dev.kiln.spi.backend.CompactMoment;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.FrozenWeight;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.backend.WeightFormat;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A backend on the CPU: matrix products by a library's {@link Gemm}, all else by vector kernels.
 * FLOAT32, INT32 and UINT8. Everything it allocates is outside of the Java heap.
 */
public class CpuBackend implements Backend {
    private final String device;
    private final Workers workers;
    private final BlockPool pool;
    private final Products products;
    private final FrozenProducts frozenProducts;
    private final boolean panels;
    private final Set<DType> types;
    private final AttentionKernels attention;
    private final ProjectedLoss projectedLoss;
    private final FlatKernels flat;

    /**
     * @param device what this runs on, in words for the log
     * @param threads number of threads, the caller's included, at least 1
     * @param limit bytes of memory to use at most
     */
    public CpuBackend(String device, int threads, Memory memory, long limit, Gemm gemm) {
        this.device = device;
        workers = new Workers(threads);
        pool = new BlockPool(memory, limit);
        panels = gemm.readsPanels();
        types = EnumSet.of(DType.FLOAT32, DType.INT32, DType.UINT8);
        types.addAll(gemm.types());
        products = new Products(gemm, workers);
        frozenProducts = new FrozenProducts(gemm, products, workers, pool);
        attention = new AttentionKernels(workers, pool, gemm);
        projectedLoss = new ProjectedLoss(workers, pool, products);
        flat = new FlatKernels(workers, pool);
    }

    /** Where a tensor of this backend is. */
    protected static long address(Tensor tensor) {
        return ((CpuTensor) tensor).address();
    }

    /** The threads that its kernels run on. */
    protected Workers workers() {
        return workers;
    }

    /** Bytes held for tensors and scratch, used and unused. */
    public long allocatedBytes() {
        return pool.allocatedBytes();
    }

    /**
     * The most bytes that a call takes at a time beside what its caller holds, so a kernel's scratch
     * memory.
     */
    public long scratchBytes(Runnable call) {
        long held = pool.usedBytes();
        pool.resetPeak();
        call.run();
        return pool.peakBytes() - held;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(types, Set.of(WeightFormat.values()), device, workers.count());
    }

    @Override
    public long availableBytes() {
        return pool.limit() - pool.usedBytes();
    }

    @Override
    public long packedBytes(Shape matrix, Precision precision) {
        return switch (precision) {
            case FLOAT32 -> 0;
            case BFLOAT16 -> PackedWeight.bytes(matrix, panels);
        };
    }

    @Override
    public long packedBytes(Shape matrix, WeightFormat format, boolean table) {
        return FrozenPanels.bytes(matrix, format, table);
    }

    @Override
    public Scope scope() {
        return new CpuScope(pool, types);
    }

    @Override
    public Weight weight(Scope scope, String name, Shape shape, boolean trainable) {
        CpuTensor value = zeros(scope, shape);
        Optional<CpuTensor> gradient =
                trainable ? Optional.of(zeros(scope, shape)) : Optional.empty();
        PackedWeight packed = new PackedWeight(value, scope, workers, pool, panels);
        return new CpuWeight(name, value, gradient, packed);
    }

    @Override
    public void refresh(Weight weight) {
        if (weight instanceof CpuWeight own) {
            own.packed().outdate();
        }
    }

    @Override
    public Weight frozen(Scope scope, FrozenWeight content) {
        return new FrozenPanels(scope, content);
    }

    private CpuTensor zeros(Scope scope, Shape shape) {
        CpuTensor tensor = (CpuTensor) scope.allocate(DType.FLOAT32, shape);
        fill(tensor, 0);
        return tensor;
    }

    @Override
    public KvCache kvCache(
            Scope scope, DType type, int layers, int sequences, int capacity, int width) {
        return new CpuKvCache(scope, type, layers, sequences, capacity, width);
    }

    @Override
    public void close() {
        workers.close();
        pool.close();
    }

    @Override
    public void upload(Tensor out, MemorySegment source) {
        long bytes = out.shape().size() * out.type().bytes();
        MemorySegment.copy(source, 0, Lanes.segment(address(out), bytes), 0, bytes);
    }

    @Override
    public void download(MemorySegment out, Tensor source) {
        long bytes = source.shape().size() * source.type().bytes();
        MemorySegment.copy(Lanes.segment(address(source), bytes), 0, out, 0, bytes);
    }

    @Override
    public void fill(Tensor out, double value) {
        int bits =
                switch (out.type()) {
                    case FLOAT32 -> Float.floatToRawIntBits((float) value);
                    case BFLOAT16 -> 0x00010001 * (0xffff & Bfloat16.narrow((float) value));
                    case INT32 -> (int) value;
                    case UINT8 -> 0x01010101 * (0xff & (int) value);
                };
        long o = address(out);
        flat.move(bytes(out), (at, bytes) -> Arithmetic.fill(o + at, bits, bytes));
    }

    private static long bytes(Tensor tensor) {
        return tensor.type().bytes() * tensor.shape().size();
    }

    @Override
    public void copy(Tensor out, Tensor x) {
        long o = address(out);
        long from = address(x);
        if (o != from) {
            flat.move(
                    bytes(out),
                    (at, bytes) ->
                            Lanes.segment(o + at, bytes).copyFrom(Lanes.segment(from + at, bytes)));
        }
    }

    @Override
    public void cast(Tensor out, Tensor x) {
        if (out.type() == x.type()) {
            copy(out, x);
        } else {
            flat.cast(Elements.of(out), Elements.of(x), x.shape().size());
        }
    }

    private void each(Tensor out, Tensor a, Tensor b, FlatKernels.Kernel kernel) {
        flat.run(Elements.of(out), Elements.of(a), Elements.of(b), out.shape().size(), kernel);
    }

    @Override
    public void add(Tensor out, Tensor a, Tensor b) {
        each(out, a, b, (o, x, y, vectors, first, scratch) -> Arithmetic.add(o, x, y, vectors));
    }

    @Override
    public void multiply(Tensor out, Tensor a, Tensor b) {
        each(
                out,
                a,
                b,
                (o, x, y, vectors, first, scratch) -> Arithmetic.multiply(o, x, y, vectors));
    }

    @Override
    public void scale(Tensor out, Tensor x, double factor) {
        float by = (float) factor;
        each(
                out,
                x,
                x,
                (o, from, same, vectors, first, scratch) -> Arithmetic.scale(o, from, by, vectors));
    }

    @Override
    public void addScaled(Tensor out, Tensor x, double factor) {
        float by = (float) factor;
        each(
                out,
                out,
                x,
                (o, old, from, vectors, first, scratch) ->
                        Arithmetic.addScaled(o, old, from, by, vectors));
    }

    @Override
    public void dropout(Tensor out, Tensor x, Dropout dropout) {
        if (!dropout.active()) {
            copy(out, x);
            return;
        }
        Dropping dropping = Dropping.of(dropout, dropout.key());
        each(
                out,
                x,
                x,
                (o, from, same, vectors, first, scratch) ->
                        dropping.apply(o, from, vectors * Lanes.COUNT, (int) first));
    }

    @Override
    public void activation(Tensor out, Tensor x, ActivationFunction function) {
        each(
                out,
                x,
                x,
                (o, from, same, vectors, first, scratch) ->
                        Activations.forward(o, from, function, vectors, scratch));
    }

    @Override
    public void activationBackward(Tensor dX, Tensor dOut, Tensor x, ActivationFunction function) {
        each(
                dX,
                dOut,
                x,
                (d, above, from, vectors, first, scratch) ->
                        Activations.backward(d, above, from, function, vectors, scratch));
    }

    private static Matrix matrix(Tensor x, boolean transposed) {
        return new Matrix(x.type(), address(x), transposed, x.shape().columns());
    }

    @Override
    public void matmul(
            Tensor out,
            Tensor a,
            boolean transposeA,
            Tensor b,
            boolean transposeB,
            double alpha,
            double beta) {
        if (a.type() != b.type()) {
            try (Scope scope = scope()) {
                Tensor left = narrowed(scope, a);
                Tensor right = narrowed(scope, b);
                matmul(out, left, transposeA, right, transposeB, alpha, beta);
            }
            return;
        }
        products.multiply(
                matrix(out, false),
                matrix(a, transposeA),
                matrix(b, transposeB),
                out.shape().rows(),
                out.shape().columns(),
                transposeA ? a.shape().rows() : a.shape().columns(),
                (float) alpha,
                (float) beta);
    }

    private Tensor narrowed(Scope scope, Tensor factor) {
        if (factor.type() == DType.BFLOAT16) {
            return factor;
        }
        Tensor narrow = scope.allocate(DType.BFLOAT16, factor.shape());
        cast(narrow, factor);
        return narrow;
    }

    /** A weight as a factor beside one of that type. */
    private static Matrix weight(Weight weight, DType beside, boolean transposed) {
        return beside == DType.BFLOAT16
                ? ((CpuWeight) weight).packed().factor(transposed)
                : matrix(weight.value(), transposed);
    }

    private void product(Tensor out, Tensor x, Weight weight, boolean transposed) {
        if (weight instanceof FrozenPanels frozen) {
            product(out, x, frozen, FrozenProducts.NO_BIAS);
            return;
        }
        products.multiply(
                matrix(out, false),
                matrix(x, false),
                weight(weight, x.type(), transposed),
                out.shape().rows(),
                out.shape().columns(),
                x.shape().columns(),
                1,
                0);
    }

    private void product(Tensor out, Tensor x, FrozenPanels weight, long bias) {
        int rows = x.shape().rows();
        frozenProducts.multiply(matrix(out, false), matrix(x, false), rows, weight, bias);
    }

    @Override
    public void embedding(Tensor out, Weight table, Tensor ids) {
        if (!(table instanceof FrozenPanels frozen)) {
            gather(out, table.value(), ids);
            return;
        }
        Elements to = Elements.of(out);
        long places = address(ids);
        int count = Math.toIntExact(ids.shape().size());
        Rows.checkIds(places, count, table.shape().rows());
        int columns = table.shape().columns();
        FrozenRows rows = new FrozenRows(frozen);
        try (Scratch scratch = scratch(1, columns)) {
            workers.split(
                    count,
                    FlatKernels.grain(columns),
                    (worker, from, end) ->
                            rows.gather(to, places, from, end, scratch.of(worker, 0)));
        }
    }

    @Override
    public void linear(Tensor out, Tensor x, Weight weight) {
        product(out, x, weight, false);
    }

    @Override
    public void linearBackwardInput(Tensor dX, Tensor dOut, Weight weight) {
        product(dX, dOut, weight, true);
    }

    @Override
    public void logits(Tensor out, Tensor hidden, Weight table) {
        product(out, hidden, table, true);
    }

    @Override
    public void linear(Tensor out, Tensor x, Weight weight, Weight bias) {
        if (weight instanceof FrozenPanels frozen) {
            product(out, x, frozen, address(bias.value()));
            return;
        }
        products.multiplyBiased(
                matrix(out, false),
                matrix(x, false),
                weight(weight, x.type(), false),
                address(bias.value()),
                out.shape().rows(),
                out.shape().columns(),
                x.shape().columns());
    }

    @Override
    public void linearActivation(
            Tensor out,
            Tensor before,
            Tensor x,
            Weight weight,
            Weight bias,
            ActivationFunction function) {
        if (weight instanceof FrozenPanels) {
            linear(before, x, weight, bias);
            activation(out, before, function);
            return;
        }
        int n = out.shape().columns();
        Elements to = Elements.of(out);
        Elements from = Elements.of(before);
        try (Scratch scratch = scratch(3, FlatKernels.TILE * Lanes.COUNT)) {
            products.multiplyBiased(
                    matrix(before, false),
                    matrix(x, false),
                    weight(weight, x.type(), false),
                    address(bias.value()),
                    out.shape().rows(),
                    n,
                    x.shape().columns(),
                    (worker, row, rows, column, columns) -> {
                        for (int i = row; i < row + rows; i++) {
                            long first = (long) i * n + column;
                            long own = scratch.of(worker, 0);
                            Activations.forward(to, from, first, columns, function, own);
                        }
                    });
        }
    }

    private Scratch scratch(int rows, int columns) {
        return new Scratch(pool, workers, rows, columns, "a kernel's rows");
    }

    @Override
    public void addBias(Tensor x, Tensor bias) {
        Elements to = Elements.of(x);
        long b = address(bias);
        int columns = x.shape().columns();
        try (Scratch scratch = scratch(1, columns)) {
            workers.split(
                    x.shape().rows(),
                    FlatKernels.grain(columns),
                    (worker, from, end) ->
                            Rows.addBias(to, b, columns, from, end, scratch.of(worker, 0)));
        }
    }

    @Override
    public void addRowSum(Tensor sum, Tensor x) {
        int columns = x.shape().columns();
        Elements from = Elements.of(x);
        try (Partials partials = new Partials(pool, workers.count(), columns)) {
            workers.split(
                    x.shape().rows(),
                    FlatKernels.grain(columns),
                    (worker, first, end) ->
                            Rows.addSum(partials.of(worker), from, columns, first, end));
            partials.addTo(address(sum), 0, columns);
        }
    }

    @Override
    public void gather(Tensor out, Tensor table, Tensor ids) {
        Elements to = Elements.of(out);
        Elements from = Elements.of(table);
        long places = address(ids);
        int columns = table.shape().columns();
        int count = Math.toIntExact(ids.shape().size());
        Rows.checkIds(places, count, table.shape().rows());
        workers.split(
                count,
                FlatKernels.grain(columns),
                (worker, first, end) -> Rows.gather(to, from, places, columns, first, end));
    }

    @Override
    public void scatterAdd(Tensor sum, Tensor x, Tensor ids) {
        long to = address(sum);
        Elements from = Elements.of(x);
        long places = address(ids);
        int columns = x.shape().columns();
        int rows = Math.toIntExact(ids.shape().size());
        Rows.checkIds(places, rows, sum.shape().rows());
        int shares = rows < FlatKernels.grain(columns) ? 1 : workers.count();
        workers.each(
                shares,
                (worker, share) -> Rows.scatterAdd(to, from, places, columns, rows, share, shares));
    }

    @Override
    public void layerNorm(
            Tensor out, Tensor statistics, Tensor x, Weight gain, Weight bias, double epsilon) {
        LayerNormalization norm = layerNorm(x, statistics, gain);
        Elements o = Elements.of(out);
        long b = address(bias.value());
        float e = (float) epsilon;
        try (Scratch scratch = scratch(1, norm.columns())) {
            workers.split(
                    norm.rows(),
                    FlatKernels.grain(norm.columns()),
                    (worker, from, to) -> norm.forward(o, b, e, from, to, scratch.of(worker, 0)));
        }
    }

    private static LayerNormalization layerNorm(Tensor x, Tensor statistics, Weight gain) {
        return new LayerNormalization(
                Elements.of(x),
                address(statistics),
                address(gain.value()),
                x.shape().rows(),
                x.shape().columns());
    }

    @Override
    public void layerNormBackward(
            Tensor dX, Tensor dOut, Tensor x, Tensor statistics, Weight gain, Weight bias) {
        LayerNormalization norm = layerNorm(x, statistics, gain);
        Elements d = Elements.of(dX);
        Elements above = Elements.of(dOut);
        int columns = norm.columns();
        int padded = Lanes.padded(columns);
        try (Partials partials = new Partials(pool, workers.count(), 2 * padded);
                Scratch scratch = scratch(2, columns)) {
            workers.split(
                    norm.rows(),
                    FlatKernels.grain(columns),
                    (worker, from, to) -> {
                        long own = scratch.of(worker, 0);
                        norm.backward(d, above, partials.of(worker), from, to, own);
                    });
            if (gain.trainable()) {
                partials.addTo(address(gain.gradient()), 0, columns);
            }
            if (bias.trainable()) {
                partials.addTo(address(bias.gradient()), padded, columns);
            }
        }
    }

    private static Sizes sizes(Tensor out, int heads) {
        Shape shape = out.shape();
        return new Sizes(
                out.type(), shape.dimension(0), shape.dimension(1), shape.columns(), heads);
    }

    @Override
    public void attention(Tensor out, Tensor logSumExp, Tensor qkv, AttentionSpec spec) {
        attention.forward(
                address(out), address(logSumExp), address(qkv), sizes(out, spec.heads()), spec);
    }

    @Override
    public void attentionBackward(
            Tensor dQkv,
            Tensor dOut,
            Tensor out,
            Tensor logSumExp,
            Tensor qkv,
            AttentionSpec spec) {
        attention.backward(
                address(dQkv),
                address(dOut),
                address(out),
                address(logSumExp),
                address(qkv),
                sizes(out, spec.heads()),
                spec);
    }

    @Override
    public void cachedAttention(
            Tensor out,
            Tensor qkv,
            KvCache cache,
            int layer,
            AttentionLayout[] layouts,
            int heads,
            double scale) {
        CpuKvCache own = (CpuKvCache) cache;
        own.begin(qkv.shape(), layer, heads, layouts);
        attention.cached(address(out), address(qkv), own, layer, layouts, sizes(out, heads), scale);
    }

    @Override
    public void crossEntropy(
            Tensor losses, Tensor dLogits, Tensor logits, Tensor targets, Tensor weights) {
        int rows = logits.shape().rows();
        int classes = logits.shape().columns();
        projectedLoss.ofLogits(
                rated(losses, targets, weights, rows, classes),
                address(dLogits),
                address(logits),
                rows,
                classes);
    }

    private static Rated rated(
            Tensor losses, Tensor targets, Tensor weights, int rows, int classes) {
        Rows.checkIds(address(targets), rows, classes);
        return new Rated(address(losses), address(targets), address(weights));
    }

    private Projection projection(Tensor hidden, Weight table) {
        int width = hidden.shape().columns();
        int classes = table.shape().rows();
        return new Projection(
                matrix(hidden, false),
                projector(table, hidden.type(), classes, width),
                hidden.shape().rows(),
                width,
                classes);
    }

    private Projector projector(Weight table, DType beside, int classes, int width) {
        if (table instanceof FrozenPanels frozen) {
            return (logits, some, rows) ->
                    frozenProducts.multiply(logits, some, rows, frozen, FrozenProducts.NO_BIAS);
        }
        Matrix by = weight(table, beside, true);
        return (logits, some, rows) ->
                products.multiply(logits, some, by, rows, classes, width, 1, 0);
    }

    @Override
    public void projectedCrossEntropy(
            Tensor losses, Tensor hidden, Weight table, Tensor targets, Tensor weights) {
        Projection projection = projection(hidden, table);
        projectedLoss.forward(
                rated(losses, targets, weights, projection.rows(), projection.classes()),
                projection);
    }

    @Override
    public void projectedCrossEntropyBackward(
            Tensor losses,
            Tensor dHidden,
            Tensor hidden,
            Weight table,
            Tensor targets,
            Tensor weights) {
        Projection projection = projection(hidden, table);
        projectedLoss.backward(
                rated(losses, targets, weights, projection.rows(), projection.classes()),
                projection,
                weight(table, hidden.type(), false),
                matrix(dHidden, false),
                table.trainable() ? address(table.gradient()) : 0);
    }

    @Override
    public double squaredNorm(List<Tensor> tensors) {
        double sum = 0;
        for (Tensor tensor : tensors) {
            sum += flat.squaredNorm(Elements.of(tensor), tensor.shape().size());
        }
        return sum;
    }

    @Override
    public boolean isFinite(Tensor x) {
        return flat.isFinite(Elements.of(x), x.shape().size());
    }

    @Override
    public void adamW(
            List<Weight> weights,
            List<Tensor> firstMoments,
            List<Tensor> secondMoments,
            AdamWStep step) {
        for (int i = 0; i < weights.size(); i++) {
            Weight weight = weights.get(i);
            long w = address(weight.value());
            long g = address(weight.gradient());
            long m = address(firstMoments.get(i));
            long v = address(secondMoments.get(i));
            flat.move(
                    bytes(weight.value()),
                    (at, bytes) ->
                            Optimization.adamW(
                                    w + at,
                                    g + at,
                                    m + at,
                                    v + at,
                                    step,
                                    (int) (bytes / Lanes.BYTES)));
            ((CpuWeight) weight).packed().refresh();
        }
    }

    @Override
    public void adamWCompact(
            List<Weight> weights,
            List<CompactMoment> firstMoments,
            List<CompactMoment> secondMoments,
            AdamWStep step) {
        MemorySegment scratch = pool.take(CompactAdamW.SCRATCH * workers.count(), "optimizer");
        for (int i = 0; i < weights.size(); i++) {
            CompactAdamW update =
                    new CompactAdamW(
                            weights.get(i), firstMoments.get(i), secondMoments.get(i), step);
            workers.split(
                    update.count(),
                    FlatKernels.grain(CompactMoment.BLOCK),
                    (worker, from, to) ->
                            update.run(
                                    from, to, scratch.address() + CompactAdamW.SCRATCH * worker));
            ((CpuWeight) weights.get(i)).packed().refresh();
        }
        pool.give(scratch);
    }
}
