package dev.kiln.kernels;

import dev.kiln.kernels.AttentionKernels.Sizes;
import dev.kiln.kernels.Products.Matrix;
import dev.kiln.kernels.ProjectedLoss.Projection;
import dev.kiln.kernels.ProjectedLoss.Rated;
import dev.kiln.spi.attention.AttentionLayout;
import dev.kiln.spi.backend.AdamWStep;
import dev.kiln.spi.backend.AttentionSpec;
import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Capabilities;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Dropout;
import dev.kiln.spi.backend.Gelu;
import dev.kiln.spi.backend.KvCache;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A backend on the CPU: matrix products by a library's {@link Gemm}, all else by vector kernels.
 * FLOAT32 and INT32. Everything it allocates is outside of the Java heap.
 */
public class CpuBackend implements Backend {
    private static final Set<DType> TYPES = Set.of(DType.FLOAT32, DType.INT32);

    private final String device;
    private final Workers workers;
    private final BlockPool pool;
    private final Products products;
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
        products = new Products(gemm, workers);
        attention = new AttentionKernels(workers, pool);
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
        return new Capabilities(TYPES, Set.of(), device, workers.count());
    }

    @Override
    public Scope scope() {
        return new CpuScope(pool);
    }

    @Override
    public Weight weight(Scope scope, String name, Shape shape, boolean trainable) {
        CpuTensor value = zeros(scope, shape);
        Optional<CpuTensor> gradient =
                trainable ? Optional.of(zeros(scope, shape)) : Optional.empty();
        return new CpuWeight(name, value, gradient);
    }

    private CpuTensor zeros(Scope scope, Shape shape) {
        CpuTensor tensor = (CpuTensor) scope.allocate(DType.FLOAT32, shape);
        fill(tensor, 0);
        return tensor;
    }

    @Override
    public KvCache kvCache(
            Scope scope, DType type, int layers, int sequences, int capacity, int width) {
        return new CpuKvCache(scope, layers, sequences, capacity, width);
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
        long o = address(out);
        flat.run(out, (at, vectors) -> Arithmetic.fill(o + at, (float) value, vectors));
    }

    @Override
    public void copy(Tensor out, Tensor x) {
        long o = address(out);
        long from = address(x);
        if (o != from) {
            flat.run(out, (at, vectors) -> FlatKernels.copy(o + at, from + at, vectors));
        }
    }

    /** Between FLOAT32 and FLOAT32, there being no other float type here. */
    @Override
    public void cast(Tensor out, Tensor x) {
        copy(out, x);
    }

    @Override
    public void add(Tensor out, Tensor a, Tensor b) {
        long o = address(out);
        long x = address(a);
        long y = address(b);
        flat.run(out, (at, vectors) -> Arithmetic.add(o + at, x + at, y + at, vectors));
    }

    @Override
    public void multiply(Tensor out, Tensor a, Tensor b) {
        long o = address(out);
        long x = address(a);
        long y = address(b);
        flat.run(out, (at, vectors) -> Arithmetic.multiply(o + at, x + at, y + at, vectors));
    }

    @Override
    public void scale(Tensor out, Tensor x, double factor) {
        long o = address(out);
        long from = address(x);
        flat.run(
                out, (at, vectors) -> Arithmetic.scale(o + at, from + at, (float) factor, vectors));
    }

    @Override
    public void addScaled(Tensor out, Tensor x, double factor) {
        long o = address(out);
        long from = address(x);
        flat.run(
                out,
                (at, vectors) -> Arithmetic.addScaled(o + at, from + at, (float) factor, vectors));
    }

    @Override
    public void dropout(Tensor out, Tensor x, Dropout dropout) {
        if (!dropout.active()) {
            copy(out, x);
            return;
        }
        long o = address(out);
        long from = address(x);
        Dropping dropping = Dropping.of(dropout, dropout.key());
        flat.run(
                out,
                (at, vectors) ->
                        dropping.apply(o + at, from + at, vectors * Lanes.COUNT, (int) (at / 4)));
    }

    @Override
    public void gelu(Tensor out, Tensor x, Gelu form) {
        long o = address(out);
        long from = address(x);
        flat.runWithScratch(
                out,
                (at, vectors, scratch) ->
                        Activations.gelu(o + at, from + at, form, vectors, scratch));
    }

    @Override
    public void geluBackward(Tensor dX, Tensor dOut, Tensor x, Gelu form) {
        long d = address(dX);
        long above = address(dOut);
        long from = address(x);
        flat.runWithScratch(
                dX,
                (at, vectors, scratch) ->
                        Activations.geluBackward(
                                d + at, above + at, from + at, form, vectors, scratch));
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

    @Override
    public void linear(Tensor out, Tensor x, Weight weight, Weight bias) {
        products.multiplyBiased(
                matrix(out, false),
                matrix(x, false),
                matrix(weight.value(), false),
                address(bias.value()),
                out.shape().rows(),
                out.shape().columns(),
                x.shape().columns());
    }

    @Override
    public void addBias(Tensor x, Tensor bias) {
        long to = address(x);
        long b = address(bias);
        int columns = x.shape().columns();
        workers.split(
                x.shape().rows(),
                FlatKernels.grain(columns),
                (worker, from, end) -> Rows.addBias(to, b, columns, from, end));
    }

    @Override
    public void addRowSum(Tensor sum, Tensor x) {
        int columns = x.shape().columns();
        long from = address(x);
        Partials partials = new Partials(pool, workers.count(), columns);
        workers.split(
                x.shape().rows(),
                FlatKernels.grain(columns),
                (worker, first, end) ->
                        Rows.addSum(partials.of(worker), from, columns, first, end));
        partials.addTo(address(sum), 0, columns);
        partials.close();
    }

    @Override
    public void gather(Tensor out, Tensor table, Tensor ids) {
        long to = address(out);
        long from = address(table);
        long places = address(ids);
        int columns = table.shape().columns();
        Rows.checkIds(places, Math.toIntExact(ids.shape().size()), table.shape().rows());
        workers.split(
                Math.toIntExact(ids.shape().size()),
                FlatKernels.grain(columns),
                (worker, first, end) -> Rows.gather(to, from, places, columns, first, end));
    }

    @Override
    public void scatterAdd(Tensor sum, Tensor x, Tensor ids) {
        long to = address(sum);
        long from = address(x);
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
        long o = address(out);
        long b = address(bias.value());
        workers.split(
                norm.rows(),
                FlatKernels.grain(norm.columns()),
                (worker, from, to) -> norm.forward(o, b, (float) epsilon, from, to));
    }

    private static LayerNormalization layerNorm(Tensor x, Tensor statistics, Weight gain) {
        return new LayerNormalization(
                address(x),
                address(statistics),
                address(gain.value()),
                x.shape().rows(),
                x.shape().columns());
    }

    @Override
    public void layerNormBackward(
            Tensor dX, Tensor dOut, Tensor x, Tensor statistics, Weight gain, Weight bias) {
        LayerNormalization norm = layerNorm(x, statistics, gain);
        long d = address(dX);
        long above = address(dOut);
        int padded = Lanes.padded(norm.columns());
        Partials partials = new Partials(pool, workers.count(), 2 * padded);
        workers.split(
                norm.rows(),
                FlatKernels.grain(norm.columns()),
                (worker, from, to) -> norm.backward(d, above, partials.of(worker), from, to));
        if (gain.trainable()) {
            partials.addTo(address(gain.gradient()), 0, norm.columns());
        }
        if (bias.trainable()) {
            partials.addTo(address(bias.gradient()), padded, norm.columns());
        }
        partials.close();
    }

    private static Sizes sizes(Tensor out, int heads) {
        Shape shape = out.shape();
        return new Sizes(shape.dimension(0), shape.dimension(1), shape.columns(), heads);
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
        attention.cached(
                address(out),
                address(qkv),
                (CpuKvCache) cache,
                layer,
                layouts,
                sizes(out, heads),
                scale);
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

    private static Projection projection(Tensor hidden, Weight table) {
        return new Projection(
                address(hidden),
                address(table.value()),
                hidden.shape().rows(),
                hidden.shape().columns(),
                table.shape().rows());
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
                address(dHidden),
                table.trainable() ? address(table.gradient()) : 0);
    }

    @Override
    public double squaredNorm(List<Tensor> tensors) {
        double sum = 0;
        for (Tensor tensor : tensors) {
            sum += flat.squaredNorm(address(tensor), tensor.shape().size());
        }
        return sum;
    }

    @Override
    public boolean isFinite(Tensor x) {
        return flat.isFinite(address(x), x.shape().size());
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
            flat.run(
                    weight.value(),
                    (at, vectors) ->
                            Optimization.adamW(w + at, g + at, m + at, v + at, step, vectors));
        }
    }
}
