package dev.kiln.kernels;

import dev.kiln.kernels.Products.Matrix;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import java.util.Optional;

/**
 * The bfloat16 forms of a float32 master W[rows, columns] that products take: panels of W and of Wᵀ
 * where the library reads panels, else one plain copy. Each is made when it is first asked for, and
 * again whenever the master has changed.
 */
final class PackedWeight {
    private final CpuTensor master;
    private final Scope scope;
    private final Workers workers;
    private final BlockPool pool;
    private final boolean panels;
    private Optional<CpuTensor> straight = Optional.empty();
    private Optional<CpuTensor> turned = Optional.empty();
    private boolean stale = true;

    /**
     * @param scope how long the forms live
     * @param panels whether the library reads {@link Panels}
     */
    PackedWeight(CpuTensor master, Scope scope, Workers workers, BlockPool pool, boolean panels) {
        this.master = master;
        this.scope = scope;
        this.workers = workers;
        this.pool = pool;
        this.panels = panels;
    }

    /** Bytes of all forms of a master, once they are made. */
    static long bytes(Shape master, boolean panels) {
        long elements =
                panels
                        ? panels(master.rows(), master.columns()).size()
                                + panels(master.columns(), master.rows()).size()
                        : master.size();
        return elements * DType.BFLOAT16.bytes();
    }

    private static Shape panels(int inner, int outer) {
        return Shape.of(Panels.count(outer) * Panels.WIDTH, Panels.padded(inner));
    }

    /** The forms are those of an old master; they are made anew when they are asked for. */
    void outdate() {
        stale = true;
    }

    /** Makes the forms that are in use anew. */
    void refresh() {
        straight.ifPresent(form -> write(form, false));
        turned.ifPresent(form -> write(form, true));
        stale = false;
    }

    /** W, or Wᵀ, as a factor B of a product. */
    Matrix factor(boolean transposed) {
        if (stale) {
            refresh();
        }
        if (!panels) {
            CpuTensor plain = straight.orElseGet(() -> makePlain());
            return new Matrix(
                    DType.BFLOAT16, plain.address(), transposed, master.shape().columns());
        }
        CpuTensor form = (transposed ? turned : straight).orElseGet(() -> makePanels(transposed));
        return Matrix.ofPanels(form.address(), inner(transposed));
    }

    private int inner(boolean transposed) {
        return transposed ? master.shape().columns() : master.shape().rows();
    }

    private int outer(boolean transposed) {
        return inner(!transposed);
    }

    private CpuTensor makePlain() {
        return make(master.shape(), false);
    }

    private CpuTensor makePanels(boolean transposed) {
        return make(panels(inner(transposed), outer(transposed)), transposed);
    }

    private CpuTensor make(Shape shape, boolean transposed) {
        CpuTensor form = (CpuTensor) scope.allocate(DType.BFLOAT16, shape);
        write(form, transposed);
        if (transposed) {
            turned = Optional.of(form);
        } else {
            straight = Optional.of(form);
        }
        return form;
    }

    private void write(CpuTensor form, boolean transposed) {
        long out = form.address();
        long from = master.address();
        if (!panels) {
            int columns = master.shape().columns();
            workers.split(
                    master.shape().rows(),
                    FlatKernels.grain(columns),
                    (worker, first, end) ->
                            Bfloat16.narrow(
                                    out + 2L * first * columns,
                                    from + 4L * first * columns,
                                    (end - first) * columns));
            return;
        }
        int k = inner(transposed);
        int n = outer(transposed);
        long bytes = 2L * Panels.padded(k) * Panels.WIDTH;
        try (Scratch scratch =
                new Scratch(pool, workers, 1, PanelNarrowing.SCRATCH / 4, "a square of a weight")) {
            workers.each(
                    Panels.count(n),
                    (worker, panel) -> {
                        int column = panel * Panels.WIDTH;
                        long to = out + bytes * panel;
                        if (transposed) {
                            PanelNarrowing.transposed(
                                    to, from, k, n, column, scratch.of(worker, 0));
                        } else {
                            PanelNarrowing.plain(to, from, k, n, column);
                        }
                    });
        }
    }
}
