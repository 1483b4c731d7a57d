package dev.kiln.platform.models;

import dev.kiln.platform.autograd.DirectOps;
import dev.kiln.platform.autograd.Layouts;
import dev.kiln.platform.autograd.Parameters;
import dev.kiln.platform.autograd.dryrun.CountingBackend;
import dev.kiln.platform.autograd.dryrun.WeightRole;
import dev.kiln.spi.Context;
import dev.kiln.spi.backend.DType;
import dev.kiln.spi.backend.Precision;
import dev.kiln.spi.backend.Scope;
import dev.kiln.spi.backend.Shape;
import dev.kiln.spi.backend.Tensor;
import dev.kiln.spi.backend.Weight;
import dev.kiln.spi.model.HeadRows;
import dev.kiln.spi.model.Model;
import dev.kiln.spi.model.Ops;
import dev.kiln.spi.model.TaskHead;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What a model does with its weights: found by a dry run of the model's own code and its head's on one
 * example, so that it holds for every family. Immutable.
 *
 * @param uses by the weights' names, in the order of their creation
 */
public record WeightRoles(SequencedMap<String, Use> uses) {

    /** What a weight is used for. */
    public record Use(Shape shape, WeightRole role) {}

    public WeightRoles {
        uses = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(uses));
    }

    /** Watches a stored model at work. */
    public static WeightRoles of(StoredModel stored, Context context) {
        CountingBackend backend = new CountingBackend();
        Scope scope = backend.scope();
        Parameters weights = Parameters.unfilled(backend, scope, _ -> false);
        Model model = stored.model().create(context).build(weights, stored.vocabulary());
        TaskHead.Attached head = stored.head().create(context).attach(weights.in("head"), model);
        Ops ops = new DirectOps(backend, scope, Precision.FLOAT32, new Layouts());
        Tensor ids = scope.allocate(DType.INT32, Shape.of(1, head.statesPerExample()));
        head.scores(ops, model.hidden(ops, ids, ids), HeadRows.ALL);
        SequencedMap<String, Use> uses = new LinkedHashMap<>();
        for (Weight weight : weights.all()) {
            uses.put(weight.name(), new Use(weight.shape(), backend.role(weight)));
        }
        return new WeightRoles(uses);
    }

    /** What a weight is used for. */
    public WeightRole role(String name) {
        return uses.get(name).role();
    }
}
