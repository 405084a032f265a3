package org.unet4j.export;

import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.unet4j.export.OnnxModel.Constant;
import org.unet4j.torch.Device;
import org.unet4j.torch.Tensors;

/** Kernels stored in float16, half as large; a runtime turns them into float32 when it loads them, and computes as ever. */
record HalfNumbers() implements OnnxNumbers {

    @Override
    public String kernel(OnnxGraph onnx, String name, Tensor kernel) {
        Tensor half = Tensors.to(kernel.detach(), Device.cpu(), ScalarType.Half).contiguous();
        Constant stored = new Constant(name, OnnxModel.Type.FLOAT16, OnnxGraph.shape(kernel), Tensors.memory(half));
        Map<String, Object> type = Map.of("to", (long) OnnxModel.Type.FLOAT.number());
        return onnx.add("Cast", name + ".float", List.of(onnx.constant(stored)), type);
    }
}
