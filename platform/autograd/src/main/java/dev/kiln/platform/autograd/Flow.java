package dev.kiln.platform.autograd;

import dev.kiln.spi.backend.Backend;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The gradients of activations on their way back. A gradient may be shared (both terms of a sum get
 * the same one), so references are counted: who holds the only one may overwrite it, and the last to
 * let go releases its memory.
 */
final class Flow {
    private final Backend backend;
    private final Scope scope;
    private final Map<Tensor, Tensor> arrived = new IdentityHashMap<>();
    private final Map<Tensor, Integer> references = new IdentityHashMap<>();

    Flow(Backend backend, Scope scope) {
        this.backend = backend;
        this.scope = scope;
    }

    /** The whole gradient of a tensor, if any came; the caller now holds it. */
    Optional<Tensor> take(Tensor of) {
        return Optional.ofNullable(arrived.remove(of));
    }

    /** A new gradient, of x's type and shape and undefined; the caller holds it. */
    Tensor allocate(Tensor x) {
        Tensor gradient = scope.allocate(x.type(), x.shape());
        references.put(gradient, 1);
        return gradient;
    }

    /**
     * Where a kernel that may write over its input puts its output: the held gradient itself when
     * nobody else holds it, else a new one. The caller holds the result, and no longer {@code held}
     * once it has been {@link #settle}d.
     */
    Tensor roomFor(Tensor held) {
        return references.get(held) == 1 ? held : allocate(held);
    }

    /** Lets go of what {@link #roomFor} was asked for, if it gave another tensor. */
    void settle(Tensor room, Tensor held) {
        if (room != held) {
            release(held);
        }
    }

    /** Gives x a held gradient: it becomes x's, or is added to what x has. */
    void give(Tensor x, Tensor held) {
        Tensor before = arrived.get(x);
        if (before == null) {
            arrived.put(x, held);
            return;
        }
        Tensor sum = roomFor(before);
        backend.add(sum, before, held);
        settle(sum, before);
        arrived.put(x, sum);
        release(held);
    }

    /** One more holder. */
    void retain(Tensor held) {
        references.merge(held, 1, Integer::sum);
    }

    /** One holder less. */
    void release(Tensor held) {
        int left = references.merge(held, -1, Integer::sum);
        if (left == 0) {
            references.remove(held);
            scope.release(held);
        }
    }

    /** Makes a tensor that was allocated elsewhere in the scope a held gradient. */
    void adopt(Tensor gradient) {
        references.put(gradient, 1);
    }
}
