package org.unet4j.torch;

import java.util.Collection;
import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorType;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Type;

/** Operators of libtorch that the binding does not map, called by name. They work on many tensors at once. */
final class Ops {

    private Ops() {}

    /** The numbers of Adam, of one step. */
    record AdamStep(
            double learningRate, double beta1, double beta2, double weightDecay, double epsilon, boolean decoupled) {}

    /**
     * Changes {@code parameters}, both moments and the step counts by one step of Adam, or of AdamW where the weight decay is
     * decoupled, in one pass over the memory.
     */
    static void fusedAdam(
            Collection<Tensor> parameters,
            Collection<Tensor> gradients,
            Collection<Tensor> firstMoments,
            Collection<Tensor> secondMoments,
            Collection<Tensor> steps,
            AdamStep step) {
        try (Scope scope = new Scope()) {
            // The kernel reads the counts and leaves them: they must count this step already.
            IValue counts = list(steps);
            call("aten::_foreach_add_", "Scalar", counts, new IValue(1.0));
            // aten::_fused_adam_(self, grads, exp_avgs, exp_avg_sqs, max_exp_avg_sqs, state_steps, *, lr, beta1, beta2,
            // weight_decay, eps, amsgrad, maximize, grad_scale, found_inf)
            call(
                    step.decoupled() ? "aten::_fused_adamw_" : "aten::_fused_adam_",
                    list(parameters),
                    list(gradients),
                    list(firstMoments),
                    list(secondMoments),
                    list(List.of()),
                    counts,
                    new IValue(step.learningRate()),
                    new IValue(step.beta1()),
                    new IValue(step.beta2()),
                    new IValue(step.weightDecay()),
                    new IValue(step.epsilon()),
                    new IValue(false),
                    new IValue(false),
                    new IValue(),
                    new IValue());
        }
    }

    /** Returns the norm of each tensor, as tensors on the same device. They belong to the open scope. */
    static Tensor norms(Collection<Tensor> tensors) {
        try (Scope scope = new Scope()) {
            IValue norms = call("aten::_foreach_norm", "Scalar", list(tensors), new IValue(2.0), new IValue());
            TensorVector each = norms.toTensorVector();
            return scope.keep(org.bytedeco.pytorch.global.torch.stack(each, 0));
        }
    }

    /** Adds each of {@code more} to its counterpart in {@code sums}. */
    static void add(Collection<Tensor> sums, Collection<Tensor> more) {
        try (Scope scope = new Scope()) {
            call("aten::_foreach_add_", "List", list(sums), list(more), new IValue(1.0));
        }
    }

    /** Multiplies all {@code tensors} by {@code factor}, a tensor of one number. */
    static void scale(Collection<Tensor> tensors, Tensor factor) {
        try (Scope scope = new Scope()) {
            call("aten::_foreach_mul_", "Tensor", list(tensors), new IValue(factor));
        }
    }

    /** Multiplies all {@code gradients} by {@code inverseScale} and sets {@code foundInfinite} to 1 where one is not finite. */
    static void unscale(Collection<Tensor> gradients, Tensor foundInfinite, Tensor inverseScale) {
        try (Scope scope = new Scope()) {
            call(
                    "aten::_amp_foreach_non_finite_check_and_unscale_",
                    list(gradients),
                    new IValue(foundInfinite),
                    new IValue(inverseScale));
        }
    }

    /** Updates a gradient scale and how many steps went well since it last grew. */
    static void updateScale(
            Tensor scale, Tensor growth, Tensor foundInfinite, double growthFactor, double backoff, long interval) {
        try (Scope scope = new Scope()) {
            call(
                    "aten::_amp_update_scale_",
                    new IValue(scale),
                    new IValue(growth),
                    new IValue(foundInfinite),
                    new IValue(growthFactor),
                    new IValue(backoff),
                    new IValue(interval));
        }
    }

    private static void call(String operator, IValue... arguments) {
        call(operator, "", arguments);
    }

    /** Returns the operator's first result, or its last argument where it has none. */
    private static IValue call(String operator, String overload, IValue... arguments) {
        IValueVector stack = new IValueVector(arguments);
        Dispatcher.singleton().findSchemaOrThrow(operator, overload).callBoxed(stack);
        return stack.size() > 0 ? stack.get(0) : new IValue();
    }

    private static IValue list(Collection<Tensor> tensors) {
        GenericList list = new GenericList(new Type.TypePtr(TensorType.get()));
        for (Tensor tensor : tensors) {
            list.push_back(new IValue(tensor));
        }
        return new IValue(list);
    }
}
